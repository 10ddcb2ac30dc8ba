#include "process/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>

namespace acme_dns01 {

namespace {

constexpr mode_t private_files = S_IRWXG | S_IRWXO;
std::optional<mode_t> mask_before;

constexpr std::array to_be_passed_on{SIGINT, SIGQUIT, SIGTERM, SIGHUP};
std::array<struct sigaction, to_be_passed_on.size()> actions_before;

// What the signal handler knows.
volatile std::sig_atomic_t running = 0; // 0: no program runs
volatile std::sig_atomic_t unheard = 0; // came when none did

void pass_on(int number, siginfo_t* info, void*) {
    auto const number_before = errno;
    auto const is_from_terminal = info->si_code == SI_KERNEL;
    if (running == 0) unheard = number;
    if (running != 0 && !is_from_terminal) ::kill(running, number);
    errno = number_before;
}

error cannot_start(std::string const& program, int number) {
    return {
        .kind = error_kind::usage,
        .message = program + " cannot be started: " + std::generic_category().message(number),
        .hint = "the client's command is what stands behind --",
    };
}

// 0 or an error number.
int spawn(
    pid_t& pid, std::vector<std::string> arguments, environment_variables const& environment
) {
    auto entries = entries_of(environment);
    auto const path = environment.find("PATH");
    auto const file =
        program_file(arguments.front(), path == environment.end() ? "/usr/bin:/bin" : path->second);
    auto const argv = pointers_to(arguments);
    auto const envp = pointers_to(entries);
    if (mask_before) ::umask(*mask_before);
    auto const failure =
        ::posix_spawn(&pid, file.c_str(), nullptr, nullptr, argv.data(), envp.data());
    if (mask_before) ::umask(private_files);
    return failure;
}

} // namespace

void keep_files_private() { mask_before = ::umask(private_files); }

attendant::attendant() {
    struct sigaction passing {};
    passing.sa_sigaction = pass_on;
    passing.sa_flags = SA_SIGINFO;
    ::sigemptyset(&passing.sa_mask);
    unheard = 0;
    for (std::size_t i = 0; i < to_be_passed_on.size(); ++i) {
        ::sigaction(to_be_passed_on.at(i), nullptr, &actions_before.at(i));
        auto const is_ignored = actions_before.at(i).sa_handler == SIG_IGN;
        if (!is_ignored) ::sigaction(to_be_passed_on.at(i), &passing, nullptr);
    }
}

attendant::~attendant() {
    for (std::size_t i = 0; i < to_be_passed_on.size(); ++i)
        ::sigaction(to_be_passed_on.at(i), &actions_before.at(i), nullptr);
}

std::vector<int> attendant::signals() const {
    std::vector<int> heard;
    for (std::size_t i = 0; i < to_be_passed_on.size(); ++i) {
        if (actions_before.at(i).sa_handler != SIG_IGN) heard.push_back(to_be_passed_on.at(i));
    }
    return heard;
}

bool attendant::was_asked_to_end() const { return unheard != 0; }

result<int> attendant::run(
    std::vector<std::string> const& arguments, environment_variables const& environment
) const {
    pid_t pid = 0;
    auto const failure = spawn(pid, arguments, environment);
    if (failure != 0) return cannot_start(arguments.front(), failure);
    running = pid;
    if (unheard != 0) {
        ::kill(pid, unheard);
        unheard = 0;
    }
    auto waited = 0;
    while (::waitpid(pid, &waited, 0) < 0 && errno == EINTR) {
    }
    running = 0;
    return status_from(waited);
}

} // namespace acme_dns01
