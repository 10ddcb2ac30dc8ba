#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01 {

// Identifies one process. A pid alone does not: the kernel uses it again.
struct process_id {
    long pid = 0;
    std::string started; // boot id and clock ticks since boot
    friend bool operator==(process_id const&, process_id const&) = default;
};

// "<pid>:<started>", to be passed in an environment variable. Parsing gives nothing for other text.
std::string to_text(process_id const& process);
std::optional<process_id> parse_process_id(std::string_view text);

// Fields 2, 3, 4, 6 and 22 of /proc/<pid>/stat (proc(5)).
struct process_status {
    std::string command;
    char state = '?';
    long parent = 0;
    long session = 0;
    std::string start_ticks;
};

// Both are empty if the process does not exist, or /proc does not show it.
std::optional<process_status> status_of(long pid);
std::optional<process_id> identify(long pid);

process_id this_process();

// False once the process has ended, even if another one has its pid.
bool is_alive(process_id const& process);

// The arguments, each followed by a NUL; empty if /proc does not show them.
std::string command_line_of(long pid);

// True if the process is alive and runs a program or a script of that name.
bool runs(process_id const& process, std::string_view program);

} // namespace acme_dns01
