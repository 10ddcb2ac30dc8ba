#include "process/child_process.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <unistd.h>

using namespace acme_dns01;

namespace {

int status_of(std::string const& script, environment_variables environment = {}) {
    environment.emplace("PATH", "/usr/bin:/bin");
    attendant const a;
    return a.run({"sh", "-c", script}, environment).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(base_attendant)

BOOST_AUTO_TEST_CASE(the_status_is_as_a_shell_says_it) {
    BOOST_TEST(status_of("exit 0") == 0);
    BOOST_TEST(status_of("exit 203") == 203);
    BOOST_TEST(status_of("kill -KILL $$") == 128 + SIGKILL);
}

BOOST_AUTO_TEST_CASE(the_environment_is_the_one_that_is_given) {
    BOOST_TEST(status_of("test \"$A=$HOME\" = 'one two='", {{"A", "one two"}}) == 0);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_started_is_told) {
    attendant const a;
    auto const missing = a.run({"no-such-client", "renew"}, {{"PATH", "/usr/bin:/bin"}});
    BOOST_REQUIRE(!missing);
    BOOST_TEST((missing.error().kind == error_kind::usage));
    BOOST_TEST(
        missing.error().message == "no-such-client cannot be started: No such file or directory"
    );
    BOOST_TEST(missing.error().hint == "the client's command is what stands behind --");
    auto const no_program = a.run({"/dev/null"}, {});
    BOOST_REQUIRE(!no_program);
    BOOST_TEST(no_program.error().message == "/dev/null cannot be started: Permission denied");
}

BOOST_AUTO_TEST_CASE(what_asks_us_to_end_goes_to_the_program) {
    for (auto const number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        BOOST_TEST_CONTEXT(number) {
            auto const n = std::to_string(number);
            auto const script =
                "trap 'exit 9' " + n + "; kill -" + n + " $PPID; while :; do sleep 0.01; done";
            BOOST_TEST(status_of(script) == 9);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_asks_us_to_end_when_no_program_runs_ends_nothing) {
    attendant const a;
    ::raise(SIGTERM);
    BOOST_TEST(a.run({"sh", "-c", "exec sleep 60"}, {{"PATH", "/usr/bin:/bin"}}).value() == 143);
    BOOST_TEST(!a.was_asked_to_end());
    ::raise(SIGTERM);
    BOOST_TEST(a.was_asked_to_end());
}

BOOST_AUTO_TEST_CASE(what_is_ignored_stays_ignored) {
    auto const before = ::signal(SIGHUP, SIG_IGN);
    BOOST_TEST(status_of("kill -HUP $PPID; kill -HUP $$; exit 4") == 4);
    std::vector const others{SIGINT, SIGQUIT, SIGTERM};
    BOOST_TEST(attendant().signals() == others, boost::test_tools::per_element());
    ::signal(SIGHUP, before);
}

BOOST_AUTO_TEST_CASE(signals_do_afterwards_what_they_did_before) {
    static volatile std::sig_atomic_t heard = 0;
    auto const before = ::signal(SIGTERM, [](int) { heard = 1; });
    { attendant const a; }
    ::raise(SIGTERM);
    BOOST_TEST(heard == 1);
    ::signal(SIGTERM, before);
}

BOOST_AUTO_TEST_SUITE_END()
