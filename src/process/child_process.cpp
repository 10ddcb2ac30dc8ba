#include "process/child_process.hpp"

#include "base/shortage.hpp"
#include "base/text.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cerrno>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace acme_dns01 {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;

namespace {

std::string path_of(program_call const& call) {
    auto const path = call.environment.find("PATH");
    return path == call.environment.end() ? "/usr/bin:/bin" : path->second;
}

// Empty, which no program is called, if it is in no folder of PATH. A folder without a leading '/'
// depends on where we stand: another user may have put a program there.
std::string program_file(program_call const& call) {
    auto const& program = call.arguments.front();
    if (program.find('/') != std::string::npos) return program;
    for (auto const& folder : split(path_of(call), ":")) {
        auto file = folder + "/" + program;
        if (folder.starts_with('/') && ::access(file.c_str(), X_OK) == 0) return file;
    }
    return {};
}

std::string hint_for(std::string const& program, int failure) {
    auto const exists = ::access(program.c_str(), F_OK) == 0;
    if (failure == ENOENT && exists) return "install the interpreter that its first line names";
    if (failure == EACCES) return "make the file executable with chmod +x, or name a program";
    if (failure == ENOEXEC) return "begin the script with a line such as #!/bin/sh";
    return "put the client's command after --";
}

error cannot_start(std::string const& program, std::string const& searched, int failure) {
    std::error_code const why(failure, std::generic_category());
    error cause{
        .kind = error_kind::usage, .message = "cannot start " + printable(program, 200) + ": "};
    auto const is_nowhere = failure == ENOENT && program.find('/') == std::string::npos;
    cause.message += is_nowhere ? "it is in no folder of PATH (" + printable(searched, 1000) + ")"
                                : why.message();
    cause.hint =
        is_nowhere ? "install it, or put its whole path after --" : hint_for(program, failure);
    return unless_short(cause, why);
}

std::vector<std::string> entries_of(environment_variables const& environment) {
    std::vector<std::string> entries;
    for (auto const& [name, value] : environment)
        entries.push_back(name + "=" + value);
    return entries;
}

// As execve wants it: pointers into the texts, and a null.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

sigset_t signals_to_take_over() {
    sigset_t set;
    ::sigemptyset(&set);
    for (auto const number : {SIGINT, SIGQUIT, SIGTERM, SIGHUP}) {
        struct sigaction now {};
        ::sigaction(number, nullptr, &now);
        if (now.sa_handler != SIG_IGN) ::sigaddset(&set, number);
    }
    return set;
}

void end_by(int number) {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, number);
    ::raise(number);
    ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

int spawn_with_mask(pid_t& pid, program_call call, sigset_t const& mask) {
    posix_spawnattr_t attributes{};
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setsigmask(&attributes, &mask);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    auto const failure = spawn(pid, std::move(call), attributes);
    ::posix_spawnattr_destroy(&attributes);
    return failure;
}

// Without pidfd_open (Linux before 5.3, some containers) signals wait until the program has ended.
asio::awaitable<int> exit_status_of(pid_t pid) {
    // glibc 2.36 declares pidfd_open without C linkage.
    auto const watched = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (watched >= 0) {
        auto const executor = co_await asio::this_coro::executor;
        stream_descriptor process(executor, watched);
        boost::system::error_code ignored;
        auto token = asio::redirect_error(asio::use_awaitable, ignored);
        co_await process.async_wait(stream_descriptor::wait_read, token);
    }
    auto waited = 0;
    while (::waitpid(pid, &waited, 0) < 0 && errno == EINTR) {
    }
    co_return exit_status_from(waited);
}

} // namespace

int spawn(
    pid_t& pid,
    program_call call,
    posix_spawnattr_t const& attributes,
    posix_spawn_file_actions_t const* files
) {
    auto entries = entries_of(call.environment);
    auto const file = program_file(call);
    auto const argv = pointers_to(call.arguments);
    auto const envp = pointers_to(entries);
    ::signal(SIGCHLD, SIG_DFL);
    std::optional<mode_t> own_umask;
    if (call.umask) own_umask = ::umask(*call.umask);
    auto const failure =
        ::posix_spawn(&pid, file.c_str(), files, &attributes, argv.data(), envp.data());
    if (own_umask) ::umask(*own_umask);
    return failure;
}

int exit_status_from(int waited) {
    if (WIFEXITED(waited)) return WEXITSTATUS(waited);
    return 128 + WTERMSIG(waited);
}

struct termination_signals::state {
    stream_descriptor file;
    reaction react = [](int number, bool) { end_by(number); };

    void take() {
        signalfd_siginfo info{};
        while (::read(file.native_handle(), &info, sizeof info) == sizeof info)
            react(static_cast<int>(info.ssi_signo), info.ssi_code == SI_KERNEL);
    }

    static void listen(std::shared_ptr<state> const& self) {
        auto const heard = [weak = std::weak_ptr(self)](boost::system::error_code ec) {
            auto const s = weak.lock();
            if (ec || !s) return;
            s->take();
            listen(s);
        };
        self->file.async_wait(stream_descriptor::wait_read, heard);
    }
};

termination_signals::termination_signals(asio::any_io_executor executor) {
    auto const set = signals_to_take_over();
    auto const file = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (file < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
    state_ = std::make_shared<state>(state{stream_descriptor(std::move(executor), file)});
    ::pthread_sigmask(SIG_BLOCK, &set, &mask_before_);
    state::listen(state_);
}

termination_signals::~termination_signals() {
    ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void termination_signals::react_with(reaction r) {
    state_->take();
    state_->react = std::move(r);
}

async_result<int> run_in_foreground(termination_signals& signals, program_call call) {
    auto const program = call.arguments.front();
    auto const searched = path_of(call);
    auto const started = call.started;
    auto const running = std::make_shared<pid_t>(0); // 0: it does not run
    signals.react_with([running](int number, bool is_from_terminal) {
        if (*running != 0 && !is_from_terminal) ::kill(*running, number);
    });
    pid_t pid = 0;
    auto const failure = spawn_with_mask(pid, std::move(call), signals.mask_before());
    if (failure != 0) co_return cannot_start(program, searched, failure);
    *running = pid;
    if (started) started();
    auto const status = co_await exit_status_of(pid);
    *running = 0;
    co_return status;
}

} // namespace acme_dns01
