#include "process/process.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <filesystem>
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

std::string boot_id() { return std::string(trimmed(proc_file("sys/kernel/random/boot_id"))); }

} // namespace

std::string to_text(process_id const& process) {
    return std::to_string(process.pid) + ":" + process.started;
}

std::optional<process_id> parse_process_id(std::string_view text) {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto const pid = number_in<long>(text.substr(0, colon));
    if (!pid || *pid <= 0) return std::nullopt;
    return process_id{*pid, std::string(text.substr(colon + 1))};
}

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

std::optional<process_id> identify(long pid) {
    auto const status = status_of(pid);
    if (!status) return std::nullopt;
    return process_id{pid, boot_id() + ":" + status->start_ticks};
}

process_id this_process() {
    auto const pid = static_cast<long>(::getpid());
    return identify(pid).value_or(process_id{pid, ""});
}

// A process that has ended stays in /proc as a zombie until its parent has waited for it.
bool is_alive(process_id const& process) {
    auto const status = status_of(process.pid);
    if (!status || status->state == 'Z' || status->state == 'X') return false;
    return identify(process.pid) == process;
}

std::string command_line_of(long pid) { return proc_file(std::to_string(pid) + "/cmdline"); }

// A script is among the first arguments of its interpreter.
bool runs(process_id const& process, std::string_view program) {
    constexpr std::size_t arguments_max = 4;
    if (!is_alive(process)) return false;
    auto const arguments = split(command_line_of(process.pid), std::string_view("\0", 1));
    auto const is_program = [&](std::string const& argument) {
        return std::filesystem::path(argument).filename() == program;
    };
    auto const looked_at = std::min(arguments_max, arguments.size());
    return std::any_of(
        arguments.begin(), arguments.begin() + static_cast<long>(looked_at), is_program
    );
}

} // namespace acme_dns01
