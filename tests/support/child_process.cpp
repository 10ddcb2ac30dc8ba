#include "support/child_process.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace acme_dns01::test {

pid_t child_that(std::function<bool()> const& work) {
    auto const pid = ::fork();
    BOOST_REQUIRE(pid >= 0);
    if (pid == 0) ::_exit(work() ? 0 : 1);
    return pid;
}

bool succeeded(pid_t child) {
    int status = 0;
    return ::waitpid(child, &status, 0) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool is_called(char const* name) { return ::prctl(PR_SET_NAME, name, 0, 0, 0) == 0; }

} // namespace acme_dns01::test
