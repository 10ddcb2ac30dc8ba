#include "base/process.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace acme_dns01 {

namespace {

constexpr int levels_max = 16;
// Shells, and programs that start another one and wait for it.
constexpr std::array<std::string_view, 15> go_betweens{
    "sh",
    "bash",
    "dash",
    "ash",
    "ksh",
    "zsh",
    "busybox",
    "timeout",
    "sudo",
    "su",
    "runuser",
    "doas",
    "flock",
    "chronic",
    "strace"};

// What /proc/<pid>/stat says (proc(5)): fields 2, 3, 4 and 22. The second one stands in parentheses
// and may itself hold blanks and parentheses, so that the last ')' is where the rest begins.
struct process_status {
    std::string command;
    char state = '?';
    long parent = 0;
    std::string start_ticks;
};

std::optional<process_status> status_of(long pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    auto const open = line.find('(');
    auto const close = line.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open)
        return std::nullopt;
    std::istringstream rest(line.substr(close + 1));
    std::vector<std::string> fields;
    for (std::string field; rest >> field;)
        fields.push_back(field);
    constexpr std::size_t parent_at = 1;
    constexpr std::size_t start_at = 19;
    if (fields.size() <= start_at) return std::nullopt;
    process_status status;
    status.command = line.substr(open + 1, close - open - 1);
    status.state = fields.front().front();
    status.parent = std::stol(fields[parent_at]);
    status.start_ticks = fields[start_at];
    return status;
}

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

std::string file_name(std::string const& path) { return path.substr(path.rfind('/') + 1); }

// A script has its own name as its command; what runs it is another file.
bool is_go_between(long pid, std::string const& command) {
    std::error_code ec;
    auto const link = std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/exe", ec);
    auto const is_known = [](std::string const& name) {
        return std::ranges::find(go_betweens, name) != go_betweens.end();
    };
    return is_known(command) || is_known(file_name(link.string()));
}

std::string command_line_of(long pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline");
    return {std::istreambuf_iterator<char>(file), {}};
}

// The program, or the script that an interpreter was given among its first arguments.
bool runs(long pid, std::string_view program) {
    constexpr int arguments_max = 4;
    std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline");
    std::string argument;
    for (int i = 0; i < arguments_max && std::getline(file, argument, '\0'); ++i) {
        if (file_name(argument) == program) return true;
    }
    return false;
}

struct ancestor {
    long pid = 0;
    std::string command;
};

std::vector<ancestor> ancestors() {
    std::vector<ancestor> found;
    auto pid = static_cast<long>(::getppid());
    for (int level = 0; level < levels_max && pid > 0; ++level) {
        auto const status = status_of(pid);
        if (!status) break;
        found.push_back({pid, status->command});
        pid = status->parent;
    }
    return found;
}

// A subshell has the command line of the shell that it is a copy of.
bool is_copy(ancestor const& child, ancestor const& parent) {
    return command_line_of(child.pid) == command_line_of(parent.pid);
}

} // namespace

std::string to_text(process_id const& process) {
    return std::to_string(process.pid) + ":" + process.started;
}

std::optional<process_id> parse_process_id(std::string_view text) {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    process_id process;
    auto const end = text.data() + colon;
    auto const [stop, ec] = std::from_chars(text.data(), end, process.pid);
    if (ec != std::errc() || stop != end || process.pid <= 0) return std::nullopt;
    process.started = text.substr(colon + 1);
    return process;
}

std::optional<process_id> identify(long pid) {
    auto const status = status_of(pid);
    if (!status) return std::nullopt;
    return process_id{pid, boot_id() + ":" + status->start_ticks};
}

process_id this_process() {
    auto const pid = static_cast<long>(::getpid());
    return identify(pid).value_or(process_id{pid, ""});
}

process_id calling_process(std::string_view client) {
    auto const above = ancestors();
    auto const is_client = [&](ancestor const& a) { return runs(a.pid, client); };
    auto const is_program = [](ancestor const& a) { return !is_go_between(a.pid, a.command); };
    auto found = std::ranges::find_if(above, is_client);
    if (found != above.end()) {
        while (std::next(found) != above.end() && is_copy(*found, *std::next(found)))
            ++found;
    }
    if (found == above.end()) found = std::ranges::find_if(above, is_program);
    if (found == above.end()) return this_process();
    return identify(found->pid).value_or(this_process());
}

bool runs(process_id const& process, std::string_view program) {
    return is_alive(process) && runs(process.pid, program);
}

// One that has ended stays listed until its parent asks for it: as a zombie.
bool is_alive(process_id const& process) {
    auto const status = status_of(process.pid);
    if (!status || status->state == 'Z' || status->state == 'X') return false;
    return identify(process.pid) == process;
}

} // namespace acme_dns01
