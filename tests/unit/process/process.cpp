#include "process/process.hpp"

#include "support/child_process.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

bool wait_for_signal() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    while (true)
        ::pause();
}

} // namespace

BOOST_AUTO_TEST_SUITE(process_process)

BOOST_AUTO_TEST_CASE(this_process_is_known_and_alive) {
    auto const self = this_process();
    BOOST_TEST(self.pid == ::getpid());
    BOOST_TEST(!self.started.empty());
    BOOST_TEST((identify(self.pid) == self));
    BOOST_TEST(is_alive(self));
}

BOOST_AUTO_TEST_CASE(a_child_has_its_own_identity_and_is_alive_until_it_ends) {
    auto const child = child_that(wait_for_signal);
    auto const known = identify(child);
    auto const was_alive = known && is_alive(*known);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    BOOST_REQUIRE(known);
    BOOST_TEST(was_alive);
    BOOST_TEST((*known != this_process()));
    BOOST_TEST(!is_alive(*known));
    BOOST_TEST(!identify(child));
}

BOOST_AUTO_TEST_CASE(a_zombie_is_not_alive) {
    auto const child = child_that(wait_for_signal);
    auto const known = identify(child);
    ::kill(child, SIGKILL);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
    auto const alive = known && is_alive(*known);
    ::waitpid(child, nullptr, 0);
    BOOST_REQUIRE(known);
    BOOST_TEST(!alive);
}

BOOST_AUTO_TEST_CASE(a_reused_pid_is_not_the_first_process) {
    auto before = this_process();
    before.started += "0";
    BOOST_TEST(!is_alive(before));
    BOOST_TEST(!is_alive(process_id{::getpid(), ""}));
}

BOOST_AUTO_TEST_CASE(an_unused_pid_has_no_identity) {
    for (auto const pid : {0L, -1L, 1L << 40}) {
        BOOST_TEST_CONTEXT(pid) {
            BOOST_TEST(!identify(pid));
            BOOST_TEST(!is_alive(process_id{pid, "x"}));
        }
    }
}

BOOST_AUTO_TEST_CASE(blanks_and_parentheses_in_a_command_do_no_harm) {
    for (auto const* name : {"a) b (c", ") R 1 1", "((", "))", " "}) {
        BOOST_TEST_CONTEXT(name) {
            auto const child = child_that([&] {
                auto const before = this_process();
                return is_called(name) && identify(before.pid) == before;
            });
            BOOST_TEST(succeeded(child));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_process_id_can_be_passed_as_text) {
    auto const self = this_process();
    BOOST_TEST((parse_process_id(to_text(self)) == self));
    BOOST_TEST((parse_process_id("12:") == process_id{12, ""}));
    for (auto const* text : {"", ":", "12", "x:boot:1", "-1:boot:1", "0:boot:1", "12x:boot:1"}) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(!parse_process_id(text).has_value()); }
    }
}

BOOST_AUTO_TEST_SUITE_END()
