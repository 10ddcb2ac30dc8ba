#include "base/environment.hpp"
#include "cli/output/output.hpp"
#include "cli/program.hpp"
#include "process/confinement.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace acme_dns01;

// The token is in this process's memory: allow no core dump, and no debugger of another process of
// the same user. Sanitizers need the debugger.
void guard_memory() {
#ifndef __SANITIZE_ADDRESS__
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

// The next file or socket would get the number of a closed stream, and what we print. Printing a
// result to a closed stdout fails instead.
void open_closed_streams() {
    constexpr int ways[]{O_RDONLY, O_RDONLY, O_WRONLY};
    for (int stream = 0; stream <= STDERR_FILENO; ++stream) {
        if (::fcntl(stream, F_GETFD) != -1) continue;
        if (::open("/dev/null", ways[stream]) != stream) std::_Exit(EXIT_FAILURE);
    }
}

// True for set-user-ID, set-group-ID and file capabilities. The caller's environment and arguments
// name the files we read, whom we trust and where the token goes: they must not direct a program
// that may do more than the caller.
bool may_do_more_than_its_caller() {
    return ::getauxval(AT_SECURE) != 0 || ::getuid() != ::geteuid() || ::getgid() != ::getegid();
}

error more_rights() {
    return {
        .kind = error_kind::configuration,
        .message = "acme-dns01 does not run with more rights than its caller has: its file is "
                   "set-user-ID or set-group-ID, or has capabilities",
        .hint = "remove them with chmod ug-s and setcap -r; use sudo to run it as another user",
    };
}

} // namespace

#ifdef __SANITIZE_ADDRESS__
// The kernel lets no leaks be looked for in a program that may do more than its caller.
extern "C" char const* __asan_default_options() {
    return ::getauxval(AT_SECURE) != 0 ? "detect_leaks=0" : "";
}
#endif

int main(int argc, char** argv) {
    guard_memory();
    open_closed_streams();
    // Our files are for their owner alone. A program that we run gets the caller's mask back.
    auto const callers_umask = ::umask(S_IRWXG | S_IRWXO);
    cli::output out(stdout, stderr);
    if (may_do_more_than_its_caller()) return static_cast<int>(out.failure(more_rights()));
    try {
        std::vector<std::string> const arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
        return static_cast<int>(
            cli::run(arguments, environment::of_this_process(callers_umask), out, confine)
        );
    } catch (std::exception const& e) {
        return static_cast<int>(out.failure({
            .kind = error_kind::unexpected,
            .message = std::string("this is a bug in acme-dns01: ") + e.what(),
            .hint = "please report it with the command line that led here",
        }));
    }
}
