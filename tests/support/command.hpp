#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace acme_dns01::test {

struct command {
    // The program, looked up in the command's own PATH unless it has a '/', and its arguments.
    std::vector<std::string> arguments;
    // Added to this process's environment, or replacing its variables of the same name.
    std::map<std::string, std::string> environment{};
    // Variables of this process's environment that the command does not get.
    std::vector<std::string> without{};
    // Keeps stdout and stderr instead of sharing ours. Its stdin is then `input`.
    bool capture = false;
    std::string input{};
    // It is killed if it takes longer.
    std::optional<seconds> time_limit{};
};

struct outcome {
    int status = 0;    // the exit status, or 128 + the number of the signal that ended it
    std::string out{}; // empty unless captured; cut after 16 MiB
    std::string err{};
    bool timed_out = false;
};

// A running command. It starts with no signal blocked or ignored, and is killed if it still runs
// when this object is destroyed.
class running_command {
public:
    // error_kind::usage if the program cannot be started.
    static result<running_command> start(command const& c);
    running_command(running_command&& other) noexcept;
    running_command& operator=(running_command&&) = delete;
    ~running_command();

    pid_t pid() const { return pid_; }
    void send_signal(int number) const;
    // Returns when it has ended. Call it once.
    outcome wait();

private:
    running_command() = default;

    pid_t pid_ = -1; // -1: it has been waited for
    int out_ = -1;   // our ends of its pipes
    int err_ = -1;
    std::optional<deadline> limit_;
};

result<outcome> run(command const& c);

} // namespace acme_dns01::test
