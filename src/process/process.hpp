#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01 {

// One process for as long as this machine remembers: a pid alone is given out again.
struct process_id {
    long pid = 0;
    std::string started; // boot id and clock ticks since boot
    friend bool operator==(process_id const&, process_id const&) = default;
};

// "<pid>:<started>", to be handed over in a variable of the environment; nothing for what is none.
std::string to_text(process_id const& process);
std::optional<process_id> parse_process_id(std::string_view text);

// Nothing where /proc does not tell (the process is gone, or there is no /proc).
std::optional<process_id> identify(long pid);

process_id this_process();

// False once the process has ended, also when its pid has been given to another one.
bool is_alive(process_id const& process);

// Whether this living process runs a program, or a script, of that name.
bool runs(process_id const& process, std::string_view program);

} // namespace acme_dns01
