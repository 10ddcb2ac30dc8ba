#include "base/environment.hpp"
#include "cli/output/output.hpp"
#include "cli/program.hpp"

#include <cstdio>
#include <exception>
#include <sys/prctl.h>
#include <sys/stat.h>

namespace {

// The token is in this process's memory: allow no core dump, and no debugger of another process of
// the same user. Sanitizers need the debugger.
void guard_memory() {
#ifndef __SANITIZE_ADDRESS__
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

} // namespace

int main(int argc, char** argv) {
    using namespace acme_dns01;
    guard_memory();
    // Our files are for their owner alone. A program that we run gets the caller's mask back.
    auto const callers_umask = ::umask(S_IRWXG | S_IRWXO);
    cli::output out(stdout, stderr);
    try {
        std::vector<std::string> const arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
        return static_cast<int>(
            cli::run(arguments, environment::of_this_process(callers_umask), out)
        );
    } catch (std::exception const& e) {
        return static_cast<int>(out.failure({
            .kind = error_kind::unexpected,
            .message = std::string("this is a bug in acme-dns01: ") + e.what(),
            .hint = "please report it with the command line that led here",
        }));
    }
}
