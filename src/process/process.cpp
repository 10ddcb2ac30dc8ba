#include "process/process.hpp"

#include "process/process_status.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace acme_dns01 {

namespace {

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
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

// One that has ended stays listed until its parent asks for it: as a zombie.
bool is_alive(process_id const& process) {
    auto const status = status_of(process.pid);
    if (!status || status->state == 'Z' || status->state == 'X') return false;
    return identify(process.pid) == process;
}

// The program, or the script that an interpreter was given among its first arguments.
bool runs(process_id const& process, std::string_view program) {
    constexpr int arguments_max = 4;
    if (!is_alive(process)) return false;
    std::ifstream file("/proc/" + std::to_string(process.pid) + "/cmdline");
    std::string argument;
    for (int i = 0; i < arguments_max && std::getline(file, argument, '\0'); ++i) {
        if (std::filesystem::path(argument).filename() == program) return true;
    }
    return false;
}

} // namespace acme_dns01
