#include "support/command.hpp"

#include "base/environment.hpp"
#include "process/child_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace acme_dns01::test {

namespace {

constexpr std::size_t captured_max = 16 * 1024 * 1024;

error cannot_start(std::string const& program, int number) {
    return {
        .kind = error_kind::usage,
        .message = "cannot start " + program + ": " + std::generic_category().message(number),
    };
}

environment_variables environment_of(command const& c) {
    auto all = environment::of_this_process().all();
    for (auto const& name : c.without)
        all.erase(name);
    for (auto const& [name, value] : c.environment)
        all[name] = value;
    return all;
}

struct pipe_ends {
    int read = -1;
    int write = -1;
};

pipe_ends new_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot open a pipe");
    return {ends[0], ends[1]};
}

void close_once(int& file) {
    if (file >= 0) ::close(std::exchange(file, -1));
}

// A file, because a pipe would have to be written while the command runs.
int file_with(std::string const& text) {
    auto file = ::memfd_create("input", MFD_CLOEXEC);
    if (file < 0) throw std::runtime_error("cannot make a file for the input");
    auto const size = static_cast<ssize_t>(text.size());
    if (::pwrite(file, text.data(), text.size(), 0) == size) return file;
    close_once(file);
    throw std::runtime_error("cannot keep the input");
}

// The command starts with no signal blocked or ignored.
class spawn_settings {
public:
    spawn_settings() {
        ::posix_spawn_file_actions_init(&files_);
        ::posix_spawnattr_init(&attributes_);
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    spawn_settings(spawn_settings const&) = delete;
    spawn_settings& operator=(spawn_settings const&) = delete;
    ~spawn_settings() {
        ::posix_spawn_file_actions_destroy(&files_);
        ::posix_spawnattr_destroy(&attributes_);
    }

    void capture(int in, int out, int err) {
        ::posix_spawn_file_actions_adddup2(&files_, in, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&files_, out, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&files_, err, STDERR_FILENO);
    }

    // 0 or an error number.
    int spawn(pid_t& pid, program_call call) const {
        return acme_dns01::spawn(pid, std::move(call), attributes_, &files_);
    }

private:
    posix_spawn_file_actions_t files_{};
    posix_spawnattr_t attributes_{};
};

// False at the pipe's end.
bool take_from(int file, std::string& text) {
    std::array<char, 65536> buffer{};
    auto const size = ::read(file, buffer.data(), buffer.size());
    if (size < 0) return errno == EINTR;
    auto const room = captured_max - std::min(captured_max, text.size());
    text.append(buffer.data(), std::min(room, static_cast<std::size_t>(size)));
    return size > 0;
}

// Waits for output and for the end; true when it has come.
bool has_ended(int& out, int& err, int ended, outcome& o, int milliseconds) {
    std::array<pollfd, 3> files{
        pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}, pollfd{ended, POLLIN, 0}};
    if (::poll(files.data(), files.size(), milliseconds) <= 0) return false;
    if (files[0].revents != 0 && !take_from(out, o.out)) close_once(out);
    if (files[1].revents != 0 && !take_from(err, o.err)) close_once(err);
    return files[2].revents != 0;
}

// Reads what is in the pipe already: another process may still hold its other end.
void drain(int& file, std::string& text) {
    pollfd waiting{file, POLLIN, 0};
    while (file >= 0 && ::poll(&waiting, 1, 0) > 0) {
        if (!take_from(file, text)) close_once(file);
    }
}

bool has_exited(pid_t pid) {
    siginfo_t about{};
    return ::waitid(P_PID, static_cast<id_t>(pid), &about, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           about.si_pid == pid;
}

int milliseconds_left(std::optional<deadline> const& limit) {
    constexpr std::int64_t longest = 24 * 3600 * 1000;
    if (!limit) return -1;
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(limit->left());
    return static_cast<int>(std::min<std::int64_t>(left.count(), longest));
}

} // namespace

result<running_command> running_command::start(command const& c) {
    if (c.arguments.empty()) throw std::invalid_argument("a command without a program");
    running_command running;
    spawn_settings settings;
    auto in = -1;
    pipe_ends out;
    pipe_ends err;
    if (c.capture) {
        in = file_with(c.input);
        out = new_pipe();
        err = new_pipe();
        settings.capture(in, out.write, err.write);
    }
    auto const failure =
        settings.spawn(running.pid_, {.arguments = c.arguments, .environment = environment_of(c)});
    close_once(in);
    close_once(out.write);
    close_once(err.write);
    running.out_ = out.read;
    running.err_ = err.read;
    if (failure != 0) running.pid_ = -1;
    if (failure != 0) return cannot_start(c.arguments.front(), failure);
    if (c.time_limit) running.limit_ = deadline::in(*c.time_limit);
    return running;
}

running_command::running_command(running_command&& other) noexcept
    : pid_(std::exchange(other.pid_, -1))
    , out_(std::exchange(other.out_, -1))
    , err_(std::exchange(other.err_, -1))
    , limit_(other.limit_) {}

running_command::~running_command() {
    close_once(out_);
    close_once(err_);
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void running_command::send_signal(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
}

outcome running_command::wait() {
    outcome o;
    auto ended = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    // Valgrind has no such call: then we ask now and then.
    auto const pause = [&] { return ended < 0 ? 20 : milliseconds_left(limit_); };
    while (!has_ended(out_, err_, ended, o, pause())) {
        if (ended < 0 && has_exited(pid_)) break;
        if (!limit_ || !limit_->over()) continue;
        limit_.reset();
        o.timed_out = true;
        send_signal(SIGKILL);
    }
    close_once(ended);
    drain(out_, o.out);
    drain(err_, o.err);
    auto waited = 0;
    ::waitpid(std::exchange(pid_, -1), &waited, 0);
    o.status = exit_status_from(waited);
    return o;
}

result<outcome> run(command const& c) {
    auto running = running_command::start(c);
    if (!running) return running.error();
    return running->wait();
}

} // namespace acme_dns01::test
