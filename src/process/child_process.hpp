#pragma once

#include "base/async_result.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <spawn.h>
#include <string>
#include <sys/types.h>
#include <vector>

namespace acme_dns01 {

using environment_variables = std::map<std::string, std::string>;

// A program to start. Unless it has a '/', its file is looked up in the PATH of `environment`, but
// never in the current folder.
struct program_call {
    std::vector<std::string> arguments; // the first one is the program
    environment_variables environment{};
    std::optional<mode_t> umask{};   // ours if not set
    std::function<void()> started{}; // called once it runs; may be empty
};

// posix_spawn: 0 or an error number. The program starts with SIGCHLD at its default: our caller may
// have ignored it, and then the kernel keeps no exit status. So does this process from now on.
int spawn(
    pid_t& pid,
    program_call call,
    posix_spawnattr_t const& attributes,
    posix_spawn_file_actions_t const* files = nullptr
);

// The value waitpid gives, as a shell reports it: the exit status, or 128 + the signal's number.
int exit_status_from(int waited);

// Takes over the signals that ask a process to end: SIGINT, SIGQUIT, SIGTERM, SIGHUP, except those
// that are ignored. While this object lives they are read in the event loop and end the process
// only as its reaction says. Create it before any other thread: threads inherit what is blocked,
// and one that does not block them would still be ended.
class termination_signals {
public:
    // The kernel sends a terminal's signals to all of the foreground group, our children included.
    using reaction = std::function<void(int number, bool is_from_terminal)>;

    // Its first reaction ends this process by the signal. Throws std::system_error.
    explicit termination_signals(boost::asio::any_io_executor executor);
    termination_signals(termination_signals const&) = delete;
    termination_signals& operator=(termination_signals const&) = delete;
    ~termination_signals();

    // Signals that have already come are for the reaction before.
    void react_with(reaction r);
    sigset_t const& mask_before() const { return mask_before_; }

private:
    struct state;
    std::shared_ptr<state> state_;
    sigset_t mask_before_{};
};

// Runs a program in the foreground, as if our caller had started it: it has our streams, terminal
// and process group, and the signal mask from before `signals`. These go to the program, unless it
// has them from the terminal. Returns once the program has ended, with exit_status_from; signals
// that come later are dropped until there is another reaction.
// error_kind::usage if the program cannot be started, with a hint.
async_result<int> run_in_foreground(termination_signals& signals, program_call call);

} // namespace acme_dns01
