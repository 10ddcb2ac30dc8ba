#include "process/parent_process.hpp"

#include "process/process_status.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

namespace acme_dns01 {

namespace {

constexpr int levels_max = 16;
// Shells, programs that start another one and wait for it, and the first ones of a machine or a
// container, which take over what others have left.
constexpr std::array<std::string_view, 20> go_betweens{
    "sh",      "bash", "dash",    "ash",     "ksh",       "zsh",        "busybox",
    "timeout", "sudo", "su",      "runuser", "doas",      "flock",      "chronic",
    "strace",  "init", "systemd", "tini",    "dumb-init", "docker-init"};

struct ancestor {
    process_id process;
    std::string command;
};

// The nearest one first. Whole where it ends because nobody above has started the last one.
struct descent {
    std::vector<ancestor> ancestors;
    bool is_whole = false;
};

// A process has the session of the one that started it, unless it leads one of its own: it has been
// taken over by a parent of another session, since its own has ended.
bool is_taken_over(long pid, process_status const& child, process_status const& parent) {
    return child.session != parent.session && child.session != pid;
}

descent descent_of_this_process() {
    descent d;
    auto pid = static_cast<long>(::getpid());
    auto child = status_of(pid);
    while (child && d.ancestors.size() < levels_max) {
        auto const parent = status_of(child->parent);
        d.is_whole = child->parent == 0 || (parent && is_taken_over(pid, *child, *parent));
        if (d.is_whole || !parent) break;
        pid = child->parent;
        auto const known = identify(pid);
        if (!known) break;
        d.ancestors.push_back({*known, parent->command});
        child = parent;
    }
    return d;
}

// A script has its own name as its command; what runs it is another file.
bool is_go_between(ancestor const& a) {
    std::error_code ec;
    auto const link =
        std::filesystem::read_symlink("/proc/" + std::to_string(a.process.pid) + "/exe", ec);
    auto const is_known = [](std::string const& name) {
        return std::ranges::find(go_betweens, name) != go_betweens.end();
    };
    return is_known(a.command) || is_known(link.filename().string());
}

std::string command_line_of(ancestor const& a) {
    std::ifstream file("/proc/" + std::to_string(a.process.pid) + "/cmdline");
    return {std::istreambuf_iterator<char>(file), {}};
}

// A subshell has the command line of the shell that it is a copy of.
bool is_copy(ancestor const& child, ancestor const& parent) {
    return command_line_of(child) == command_line_of(parent);
}

} // namespace

process_id calling_process(std::string_view client) {
    auto const above = descent_of_this_process().ancestors;
    auto const is_client = [&](ancestor const& a) { return runs(a.process, client); };
    auto found = std::ranges::find_if(above, is_client);
    if (found != above.end()) {
        while (std::next(found) != above.end() && is_copy(*found, *std::next(found)))
            ++found;
    }
    if (found == above.end()) found = std::ranges::find_if_not(above, is_go_between);
    return found == above.end() ? this_process() : found->process;
}

bool is_cut_off_from(process_id const& caller) {
    auto const above = descent_of_this_process();
    if (!above.is_whole) return false;
    if (caller == this_process()) return above.ancestors.empty() && ::getppid() != 0;
    return std::ranges::find(above.ancestors, caller, &ancestor::process) == above.ancestors.end();
}

} // namespace acme_dns01
