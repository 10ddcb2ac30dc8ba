#pragma once

#include <optional>
#include <string>

namespace acme_dns01 {

// One process for as long as this machine remembers: a pid alone is given out again.
struct process_id {
    long pid = 0;
    std::string started; // boot id and clock ticks since boot
    friend bool operator==(process_id const&, process_id const&) = default;
};

// Nothing where /proc does not tell (the process is gone, or there is no /proc).
std::optional<process_id> identify(long pid);

process_id this_process();

// Who started us, shells passed over: ACME clients call their hooks through `sh -c`, and people put
// scripts in between. Nearest first, at most 16 levels; this process itself where nothing is known.
process_id calling_process();

// False once the process has ended, also when its pid has been given to another one.
bool is_alive(process_id const& process);

} // namespace acme_dns01
