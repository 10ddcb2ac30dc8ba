#include "process/parent_process.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

namespace acme_dns01 {

namespace {

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
        auto const known = identify(pid);
        if (!known) break;
        d.ancestors.push_back({*known, parent->command});
        child = parent;
    }
    return d;
}

// A script's command is its own name, but the file that runs is its interpreter.
bool is_go_between(ancestor const& a) {
    std::error_code ec;
    auto const link =
        std::filesystem::read_symlink("/proc/" + std::to_string(a.process.pid) + "/exe", ec);
    auto const is_known = [](std::string const& name) {
        return std::ranges::find(go_betweens, name) != go_betweens.end();
    };
    return is_known(a.command) || is_known(link.filename().string());
}

// A subshell has the command line of the shell that it is a copy of.
bool is_copy(ancestor const& child, ancestor const& parent) {
    return command_line_of(child.process.pid) == command_line_of(parent.process.pid);
}

} // namespace

process_id calling_process(std::string_view client) {
    auto const above = descent_of_this_process().ancestors;
    auto const is_client = [&](ancestor const& a) { return runs(a.process, client); };
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
