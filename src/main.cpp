#include "base/environment.hpp"
#include "base/shortage.hpp"
#include "cli/output/output.hpp"
#include "cli/output/sudden_end.hpp"
#include "cli/program.hpp"
#include "process/confinement.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/err.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <new>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <system_error>
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

bool is_openssl_without_memory(boost::system::error_code const& code) {
    auto const number = static_cast<unsigned long>(static_cast<unsigned>(code.value()));
    return code.category() == boost::asio::error::get_ssl_category() &&
           ERR_GET_REASON(number) == ERR_R_MALLOC_FAILURE;
}

std::error_code code_of(std::exception const& e) {
    auto const* const by_boost = dynamic_cast<boost::system::system_error const*>(&e);
    auto const is_memory = dynamic_cast<std::bad_alloc const*>(&e) != nullptr ||
                           (by_boost != nullptr && is_openssl_without_memory(by_boost->code()));
    if (is_memory) return std::make_error_code(std::errc::not_enough_memory);
    if (by_boost != nullptr) return by_boost->code();
    auto const* const by_std = dynamic_cast<std::system_error const*>(&e);
    return by_std == nullptr ? std::error_code() : by_std->code();
}

// Asio throws where the system gives it no thread or descriptor: that is no bug.
error error_of(std::exception const& e) {
    auto const code = code_of(e);
    if (!hint_for_shortage(code).empty())
        return unless_short({.message = "this host sets a limit: " + code.message()}, code);
    return {
        .kind = error_kind::unexpected,
        .message = std::string("this is a bug in acme-dns01: ") + e.what(),
        .hint = "please report it with the command line that led here",
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
    cli::prepare_for_sudden_end();
    cli::output out(stdout, stderr);
    if (may_do_more_than_its_caller()) return static_cast<int>(out.failure(more_rights()));
    try {
        std::vector<std::string> const arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
        return static_cast<int>(
            cli::run(arguments, environment::of_this_process(callers_umask), out, confine)
        );
    } catch (std::exception const& e) {
        cli::say_what_is_left();
        return static_cast<int>(out.failure(error_of(e)));
    }
}
