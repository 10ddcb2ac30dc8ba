#pragma once

#include <optional>
#include <string>

namespace acme_dns01 {

// What /proc/<pid>/stat says (proc(5)): fields 2, 3, 4, 6 and 22.
struct process_status {
    std::string command;
    char state = '?';
    long parent = 0;
    long session = 0;
    std::string start_ticks;
};

// Nothing where /proc does not tell (the process is gone, or there is no /proc).
std::optional<process_status> status_of(long pid);

} // namespace acme_dns01
