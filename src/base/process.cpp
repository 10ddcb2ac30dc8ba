#include "base/process.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace acme_dns01 {

namespace {

constexpr int levels_max = 16;
constexpr std::array<std::string_view, 7> shells{
    "sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"};

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

bool is_shell(std::string const& command) {
    return std::ranges::find(shells, command) != shells.end();
}

} // namespace

std::optional<process_id> identify(long pid) {
    auto const status = status_of(pid);
    if (!status) return std::nullopt;
    return process_id{pid, boot_id() + ":" + status->start_ticks};
}

process_id this_process() {
    auto const pid = static_cast<long>(::getpid());
    return identify(pid).value_or(process_id{pid, ""});
}

process_id calling_process() {
    auto pid = static_cast<long>(::getppid());
    for (int level = 0; level < levels_max && pid > 0; ++level) {
        auto const status = status_of(pid);
        if (!status) break;
        if (!is_shell(status->command)) return identify(pid).value_or(this_process());
        pid = status->parent;
    }
    return this_process();
}

// One that has ended stays listed until its parent asks for it: as a zombie.
bool is_alive(process_id const& process) {
    auto const status = status_of(process.pid);
    if (!status || status->state == 'Z' || status->state == 'X') return false;
    return identify(process.pid) == process;
}

} // namespace acme_dns01
