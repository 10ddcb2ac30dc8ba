#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace acme_dns01::sandbox {

struct command {
    // The program, looked up in the command's own PATH unless it has a '/', and its arguments.
    std::vector<std::string> arguments;
    // Set in addition to this process's environment, and instead of what it has by these names.
    std::map<std::string, std::string> environment{};
    // Names of this process's environment that the command does not get.
    std::vector<std::string> without{};
    // Keep stdout and stderr instead of sharing ours. Its stdin then holds `input` and no more.
    bool capture = false;
    std::string input{};
    // Killed when it takes longer.
    std::optional<seconds> time_limit{};
};

struct outcome {
    int status = 0;    // the exit status, or 128 + the number of the signal that ended it
    std::string out{}; // empty unless captured; what is beyond 16 MiB is lost
    std::string err{};
    bool timed_out = false;
};

// A command that was started. It starts with no signal blocked or ignored.
// If it still runs at the end of this object's life it is killed.
class running_command {
public:
    // error_kind::usage where the program cannot be started.
    static result<running_command> start(command const& c);
    running_command(running_command&& other) noexcept;
    running_command& operator=(running_command&&) = delete;
    ~running_command();

    pid_t pid() const { return pid_; }
    void send_signal(int number) const;
    // Until it has ended. To be called once.
    outcome wait();
    // The same, while SIGINT and SIGTERM that come to this process are passed on. The caller has
    // blocked both and SIGCHLD in every thread. For a command that is not captured.
    outcome wait_passing_signals();

private:
    running_command() = default;

    pid_t pid_ = -1; // -1: it has been waited for
    int out_ = -1;   // our ends of its pipes
    int err_ = -1;
    std::optional<deadline> limit_;
};

result<outcome> run(command const& c);

} // namespace acme_dns01::sandbox
