#include "base/text.hpp"
#include "sandbox/command.hpp"
#include "sandbox/command_line.hpp"
#include "sandbox/local_digitalocean.hpp"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <set>

namespace {

namespace box = acme_dns01::sandbox;

constexpr int status_failed = 1;
constexpr int status_usage = 2;
constexpr int status_not_started = 127;

void complain(acme_dns01::error const& e) {
    std::cerr << "acme-dns01-sandbox: error: " << e.text() << "\n";
    if (!e.hint.empty()) std::cerr << "acme-dns01-sandbox: hint: " << e.hint << "\n";
}

// Blocked in every thread: whoever wants them asks for them.
sigset_t block_signals() {
    sigset_t awaited;
    ::sigemptyset(&awaited);
    for (auto const number : {SIGINT, SIGTERM, SIGCHLD})
        ::sigaddset(&awaited, number);
    ::pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
    return awaited;
}

int serve(box::local_digitalocean const& s, sigset_t const& awaited) {
    for (auto const& [name, value] : s.environment())
        std::cout << "export " << name << "=" << acme_dns01::shell_word(value) << "\n";
    std::cout.flush();
    auto number = SIGCHLD;
    while (number == SIGCHLD)
        ::sigwait(&awaited, &number);
    return 0;
}

// The commands of this build come first.
std::string path_with_own_folder() {
    auto const own = std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
    auto const* const path = std::getenv("PATH");
    return path == nullptr || *path == '\0' ? own : own + ":" + path;
}

std::set<int> open_files() {
    std::set<int> files;
    for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd"))
        files.insert(std::stoi(entry.path().filename()));
    // One of them was that folder's.
    std::erase_if(files, [](int file) { return ::fcntl(file, F_GETFD) < 0; });
    return files;
}

// What our caller has left open is for the command; what we have opened since is not.
void keep_from_command(std::set<int> const& inherited) {
    for (auto const file : open_files()) {
        if (!inherited.contains(file)) ::fcntl(file, F_SETFD, FD_CLOEXEC);
    }
}

int run_command(box::local_digitalocean const& s, std::vector<std::string> const& arguments) {
    box::command c{.arguments = arguments, .environment = s.environment()};
    c.environment["PATH"] = path_with_own_folder();
    // Either would come before the sandbox's token.
    c.without = {"ACME_DNS01_TOKEN_FILE", "CREDENTIALS_DIRECTORY"};
    auto running = box::running_command::start(c);
    if (!running) {
        complain(running.error());
        return status_not_started;
    }
    return running->wait_passing_signals().status;
}

int run(std::vector<std::string> const& arguments) {
    auto const given = box::parse_command_line(arguments);
    if (!given) {
        complain(given.error());
        return status_usage;
    }
    if (given->help) {
        std::cout << box::help_text();
        return 0;
    }
    if (given->version) {
        std::cout << "acme-dns01-sandbox " ACME_DNS01_VERSION "\n";
        return 0;
    }
    auto const inherited = open_files();
    auto const awaited = block_signals();
    box::local_digitalocean s(given->settings);
    for (auto const& [address, how] : given->behaviours)
        s.set_behaviour(address, how);
    if (given->command.empty()) return serve(s, awaited);
    keep_from_command(inherited);
    return run_command(s, given->command);
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (std::exception const& e) {
        std::cerr << "acme-dns01-sandbox: error: " << e.what() << "\n";
        return status_failed;
    }
}
