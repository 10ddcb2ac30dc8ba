#include "base/environment.hpp"
#include "base/text.hpp"
#include "process/child_process.hpp"
#include "sandbox/command_line.hpp"
#include "sandbox/local_digitalocean.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <set>
#include <stdexcept>

namespace {

namespace box = acme_dns01::sandbox;

constexpr int status_failed = 1;
constexpr int status_usage = 2;
constexpr int status_not_started = 127;

void complain(acme_dns01::error const& e) {
    std::cerr << "acme-dns01-sandbox: error: " << e.text() << "\n";
    if (!e.hint.empty()) std::cerr << "acme-dns01-sandbox: hint: " << e.hint << "\n";
}

void print(std::string const& text) {
    std::cout << text << std::flush;
    if (!std::cout) throw std::runtime_error("the result cannot be written");
}

// Until a signal asks us to end.
int serve(boost::asio::io_context& io, box::local_digitalocean const& s) {
    for (auto const& [name, value] : s.environment())
        print("export " + name + "=" + acme_dns01::shell_word(value) + "\n");
    io.run();
    return 0;
}

// This build's commands come first.
std::string path_with_own_folder(std::string const& path) {
    auto const own = std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
    return path.empty() ? own : own + ":" + path;
}

acme_dns01::environment_variables environment_for_command(box::local_digitalocean const& s) {
    auto all = acme_dns01::environment::of_this_process().all();
    // These would take precedence over the sandbox's token.
    for (auto const* name : {"ACME_DNS01_TOKEN_FILE", "CREDENTIALS_DIRECTORY"})
        all.erase(name);
    for (auto const& [name, value] : s.environment())
        all[name] = value;
    all["PATH"] = path_with_own_folder(all["PATH"]);
    return all;
}

std::set<int> open_files() {
    std::set<int> files;
    for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd"))
        files.insert(std::stoi(entry.path().filename()));
    // One of them was that folder's.
    std::erase_if(files, [](int file) { return ::fcntl(file, F_GETFD) < 0; });
    return files;
}

// The command inherits the files that our caller has left open, and none that we have opened.
void keep_from_command(std::set<int> const& inherited) {
    for (auto const file : open_files()) {
        if (!inherited.contains(file)) ::fcntl(file, F_SETFD, FD_CLOEXEC);
    }
}

int run_command(
    boost::asio::io_context& io,
    acme_dns01::termination_signals& signals,
    acme_dns01::program_call call
) {
    auto status = status_not_started;
    auto const at_end = [&](std::exception_ptr const& bug, acme_dns01::result<int> ended) {
        io.stop();
        if (bug) std::rethrow_exception(bug);
        if (ended) status = *ended;
        if (!ended) complain(ended.error());
    };
    boost::asio::co_spawn(io, acme_dns01::run_in_foreground(signals, std::move(call)), at_end);
    io.run();
    return status;
}

int run(std::vector<std::string> const& arguments) {
    auto const given = box::parse_command_line(arguments);
    if (!given) {
        complain(given.error());
        return status_usage;
    }
    if (given->help) {
        print(box::help_text());
        return 0;
    }
    if (given->version) {
        print("acme-dns01-sandbox " ACME_DNS01_VERSION "\n");
        return 0;
    }
    auto const inherited = open_files();
    boost::asio::io_context io(1);
    acme_dns01::termination_signals signals(io.get_executor());
    signals.react_with([&](int, bool) { io.stop(); });
    box::local_digitalocean s(given->settings);
    for (auto const& [address, how] : given->behaviours)
        s.set_behaviour(address, how);
    if (given->command.empty()) return serve(io, s);
    keep_from_command(inherited);
    return run_command(
        io, signals, {.arguments = given->command, .environment = environment_for_command(s)}
    );
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
