#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01 {

// Identifies one process. A pid alone does not: the kernel uses it again.
struct process_id {
    long pid = 0;
    std::string started{}; // clock ticks since boot
    // The machine, its boot and the process-id namespace: elsewhere the pid means nothing. Empty if
    // that is not known.
    std::string place{};
    friend bool operator==(process_id const&, process_id const&) = default;
};

// "<pid>:<started>:<place>", to be passed in an environment variable. Parsing gives nothing for
// other text.
std::string to_text(process_id const& process);
std::optional<process_id> parse_process_id(std::string_view text);

// Nothing if the process does not exist, or /proc does not show it.
std::optional<process_id> identify(long pid);

process_id this_process();

// Elsewhere: in another place than this process, such as another container or a machine that shares
// our state folder. Whether it has ended is not known then.
enum class process_state { running, ended, elsewhere };

process_state state_of(process_id const& process);

// True for a running process of this place, not for another one that has its pid by now.
bool is_alive(process_id const& process);

// True if the process is alive and runs a program or a script of that name.
bool runs(process_id const& process, std::string_view program);

// True if the process was started with this environment variable, and /proc shows it. What a
// process puts into its own environment later does not count.
bool was_started_with(process_id const& process, std::string_view variable);

// The client that started us: the nearest ancestor that runs a program or script called `client`,
// or else the nearest one that is not a mere go-between (a shell, timeout, sudo), because clients
// start hooks through `sh -c`, and administrators put scripts in between. Looks at most 16 levels
// up; this process itself if nothing is found. If the client is a shell script, this is the script
// and not one of its subshells.
process_id calling_process(std::string_view client);

// True if `caller` is certainly no ancestor any more: it has ended, or a process between it and us
// has. If `caller` is this process: true if the process that started us has ended. An ancestor's
// end is not detected if the process that adopts its children (a subreaper, or the first process of
// a container) is in our session.
bool is_cut_off_from(process_id const& caller);

} // namespace acme_dns01
