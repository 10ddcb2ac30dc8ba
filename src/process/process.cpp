#include "process/process.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <limits>
#include <unistd.h>
#include <vector>

namespace acme_dns01 {

namespace {

// Empty if it cannot be read.
std::string proc_file(std::string const& path) {
    constexpr std::size_t size_max = 8 * 1024 * 1024; // beyond any command line
    std::error_code unreadable;
    return text_of_file("/proc/" + path, size_max, unreadable);
}

std::string name_of_machine() {
    constexpr std::size_t size_max = 64;
    std::error_code ec;
    auto const id = text_of_file("/etc/machine-id", size_max, ec);
    if (!trimmed(id).empty()) return std::string(trimmed(id));
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    return host.data();
}

// A clone has the id of its machine, and containers that of their host: hence all three. Empty if
// /proc does not show them.
std::string const& this_place() {
    static std::string const place = [] {
        std::error_code ec;
        auto const boot = std::string(trimmed(proc_file("sys/kernel/random/boot_id")));
        auto const pids = std::filesystem::read_symlink("/proc/self/ns/pid", ec).string();
        auto const is_known = !boot.empty() && !pids.empty();
        return is_known ? name_of_machine() + " " + boot + " " + pids : std::string();
    }();
    return place;
}

// Fields 2, 3, 4, 6 and 22 of /proc/<pid>/stat (proc(5)).
struct process_status {
    std::string command;
    char state = '?';
    long parent = 0;
    long session = 0;
    std::string start_ticks;
};

// The command is in parentheses and may itself contain blanks and parentheses, so the other fields
// begin after the last ')'.
std::optional<process_status> status_of(long pid) {
    constexpr std::size_t parent_at = 1;
    constexpr std::size_t session_at = 3;
    constexpr std::size_t start_at = 19;
    auto const line = proc_file(std::to_string(pid) + "/stat");
    auto const open = line.find('(');
    auto const close = line.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open)
        return std::nullopt;
    auto const fields = split(std::string_view(line).substr(close + 1), " ");
    if (fields.size() <= start_at) return std::nullopt;
    return process_status{
        .command = line.substr(open + 1, close - open - 1),
        .state = fields.front().front(),
        .parent = number_in<long>(fields[parent_at]).value_or(0),
        .session = number_in<long>(fields[session_at]).value_or(0),
        .start_ticks = fields[start_at],
    };
}

// The arguments, each followed by a NUL; empty if /proc does not show them.
std::string command_line_of(long pid) { return proc_file(std::to_string(pid) + "/cmdline"); }

constexpr int levels_max = 16;
// certbot starts hooks through `sh -c`, whichever shell that is; acme.sh, dehydrated and getssl are
// shell scripts that call theirs from subshells. The others stand between a client and us because
// administrators put them there: in a cron job or a hook of their own (timeout, flock, chronic,
// strace), to change the user (sudo, su, runuser, doas), or as the first process of a machine or a
// container, which adopts orphans (init, systemd, tini, dumb-init, docker-init).
constexpr std::array<std::string_view, 20> go_betweens{
    "sh",      "bash", "dash",    "ash",     "ksh",       "zsh",        "busybox",
    "timeout", "sudo", "su",      "runuser", "doas",      "flock",      "chronic",
    "strace",  "init", "systemd", "tini",    "dumb-init", "docker-init"};

struct ancestor {
    process_id process;
    std::string command;
    std::string command_line{}; // if it was asked for
};

// The nearest one first. It is whole if it was followed up to the first process, or to one whose
// parent did not start it.
struct descent {
    std::vector<ancestor> ancestors;
    bool is_whole = false;
};

// A process starts in its parent's session. If it is in another one that it does not lead, its
// parent has ended, and the present one has adopted it.
bool is_adopted(long pid, process_status const& child, process_status const& parent) {
    return child.session != parent.session && child.session != pid;
}

descent descent_of_this_process() {
    descent d;
    auto pid = static_cast<long>(::getpid());
    auto child = status_of(pid);
    // A parent that /proc does not show (hidepid, a process that just ended) leaves it incomplete.
    while (child && d.ancestors.size() < levels_max) {
        auto const parent = status_of(child->parent);
        d.is_whole = child->parent == 0 || (parent && is_adopted(pid, *child, *parent));
        if (d.is_whole || !parent) break;
        pid = child->parent;
        d.ancestors.push_back({{pid, parent->start_ticks, this_place()}, parent->command});
        child = parent;
    }
    return d;
}

// A script's command is its own name, but its first argument is its interpreter. The link
// /proc/<pid>/exe is not for a confined process.
bool is_go_between(ancestor const& a) {
    std::filesystem::path const first(a.command_line.c_str());
    auto const is_known = [](std::string const& name) {
        return std::ranges::find(go_betweens, name) != go_betweens.end();
    };
    return is_known(a.command) || is_known(first.filename().string());
}

bool exists(long pid) {
    if (pid <= 0 || pid > std::numeric_limits<pid_t>::max()) return false;
    return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM;
}

// A subshell has the command line of the shell that it is a copy of.
bool is_copy(ancestor const& child, ancestor const& parent) {
    return child.command_line == parent.command_line;
}

// A script is among the first arguments of its interpreter.
bool is_of(std::string const& command_line, std::string_view program) {
    constexpr std::size_t arguments_max = 4;
    auto arguments = split(command_line, std::string_view("\0", 1));
    arguments.resize(std::min(arguments_max, arguments.size()));
    return std::ranges::any_of(arguments, [&](std::string const& argument) {
        return std::filesystem::path(argument).filename() == program;
    });
}

} // namespace

std::string to_text(process_id const& process) {
    return std::to_string(process.pid) + ":" + process.started + ":" + process.place;
}

std::optional<process_id> parse_process_id(std::string_view text) {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto const pid = number_in<long>(text.substr(0, colon));
    if (!pid || *pid <= 0) return std::nullopt;
    auto const rest = text.substr(colon + 1);
    auto const end = std::min(rest.find(':'), rest.size());
    auto const place = rest.substr(std::min(end + 1, rest.size()));
    return process_id{*pid, std::string(rest.substr(0, end)), std::string(place)};
}

std::optional<process_id> identify(long pid) {
    auto const status = status_of(pid);
    if (!status) return std::nullopt;
    return process_id{pid, status->start_ticks, this_place()};
}

process_id this_process() {
    auto const pid = static_cast<long>(::getpid());
    return identify(pid).value_or(process_id{pid, ""});
}

// A process that has ended stays in /proc as a zombie until its parent has waited for it.
// /proc may be unreadable for want of a file descriptor: then a process with this pid counts.
process_state state_of(process_id const& process) {
    using enum process_state;
    if (process.place.empty() || process.place != this_place()) return elsewhere;
    auto const status = status_of(process.pid);
    if (!status) return exists(process.pid) ? running : ended;
    auto const has_ended =
        status->state == 'Z' || status->state == 'X' || status->start_ticks != process.started;
    return has_ended ? ended : running;
}

bool is_alive(process_id const& process) { return state_of(process) == process_state::running; }

bool runs(process_id const& process, std::string_view program) {
    return is_alive(process) && is_of(command_line_of(process.pid), program);
}

bool was_started_with(process_id const& process, std::string_view variable) {
    auto const all = proc_file(std::to_string(process.pid) + "/environ");
    auto const setting = std::string(variable) + "=";
    return all.starts_with(setting) || all.find('\0' + setting) != std::string::npos;
}

process_id calling_process(std::string_view client) {
    auto above = descent_of_this_process().ancestors;
    for (auto& a : above)
        a.command_line = command_line_of(a.process.pid);
    auto const is_client = [&](ancestor const& a) { return is_of(a.command_line, client); };
    auto found = std::ranges::find_if(above, is_client);
    if (found == above.end()) {
        found = std::ranges::find_if_not(above, is_go_between);
        return found == above.end() ? this_process() : found->process;
    }
    while (std::next(found) != above.end() && is_copy(*found, *std::next(found)))
        ++found;
    return found->process;
}

bool is_cut_off_from(process_id const& caller) {
    auto const above = descent_of_this_process();
    if (!above.is_whole) return false;
    if (caller == this_process()) return above.ancestors.empty() && ::getppid() != 0;
    return std::ranges::find(above.ancestors, caller, &ancestor::process) == above.ancestors.end();
}

} // namespace acme_dns01
