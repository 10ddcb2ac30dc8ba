#include "support/command.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>

BOOST_AUTO_TEST_SUITE(support_command)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

command shell(std::string script) {
    return {.arguments = {"sh", "-c", std::move(script)}, .capture = true};
}

} // namespace

BOOST_AUTO_TEST_CASE(output_errors_and_status_are_captured_separately) {
    auto const o = run(shell("echo out; echo err >&2; exit 3")).value();
    BOOST_TEST(o.status == 3);
    BOOST_TEST(o.out == "out\n");
    BOOST_TEST(o.err == "err\n");
    BOOST_TEST(!o.timed_out);
}

BOOST_AUTO_TEST_CASE(its_stdin_is_the_given_input) {
    auto c = shell("cat; cat | wc -c");
    BOOST_TEST(run(c)->out == "0\n");
    c.input = "one\ntwo";
    BOOST_TEST(run(c)->out == "one\ntwo0\n");
    c.input = std::string(1'000'000, 'x');
    BOOST_TEST(run(c)->out.size() == 1'000'002U);
}

BOOST_AUTO_TEST_CASE(a_signal_is_a_status_above_128) {
    BOOST_TEST(run(shell("kill -TERM $$"))->status == 128 + SIGTERM);
}

BOOST_AUTO_TEST_CASE(its_environment_is_ours_with_changes) {
    ::setenv("SANDBOX_TEST_KEPT", "kept", 1);
    ::setenv("SANDBOX_TEST_CHANGED", "before", 1);
    ::setenv("SANDBOX_TEST_GONE", "gone", 1);
    auto c = shell("echo $SANDBOX_TEST_KEPT,$SANDBOX_TEST_CHANGED,${SANDBOX_TEST_GONE-none}");
    c.environment = {{"SANDBOX_TEST_CHANGED", "after"}};
    c.without = {"SANDBOX_TEST_GONE"};
    BOOST_TEST(run(c)->out == "kept,after,none\n");
}

BOOST_AUTO_TEST_CASE(the_program_is_found_in_the_commands_own_path) {
    auto c = shell("true");
    c.environment = {{"PATH", "/nonexistent"}};
    auto const failed = run(c);
    BOOST_TEST_REQUIRE(failed.has_error());
    BOOST_TEST(failed.error().message == "cannot start sh: No such file or directory");
    c.environment = {{"PATH", "/nonexistent:/usr/bin:/bin"}};
    BOOST_TEST(run(c)->status == 0);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_a_program_cannot_be_started) {
    auto const failed = run({.arguments = {"/dev/null"}});
    BOOST_TEST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error().kind == error_kind::usage));
    BOOST_TEST(failed.error().message == "cannot start /dev/null: Permission denied");
}

BOOST_AUTO_TEST_CASE(more_than_a_pipe_holds_is_captured) {
    auto const o = run(shell("head -c 1000000 /dev/zero; head -c 500000 /dev/zero >&2")).value();
    BOOST_TEST(o.out.size() == 1'000'000U);
    BOOST_TEST(o.err.size() == 500'000U);
}

BOOST_AUTO_TEST_CASE(a_command_over_its_time_limit_is_killed) {
    auto c = shell("exec sleep 60");
    c.time_limit = seconds(0.05);
    auto const o = run(c).value();
    BOOST_TEST(o.timed_out);
    BOOST_TEST(o.status == 128 + SIGKILL);
}

BOOST_AUTO_TEST_CASE(a_process_left_behind_is_not_waited_for) {
    auto const o = run(shell("sleep 60 & echo $!")).value();
    BOOST_TEST(o.status == 0);
    auto const pid = std::stoi(o.out);
    BOOST_TEST(::kill(pid, SIGKILL) == 0);
}

BOOST_AUTO_TEST_CASE(a_command_starts_with_no_signal_blocked) {
    sigset_t blocked;
    sigset_t before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    auto c = shell("exec sleep 60");
    c.time_limit = seconds(10);
    auto running = running_command::start(c);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    running->send_signal(SIGTERM);
    BOOST_TEST(running->wait().status == 128 + SIGTERM);
}

BOOST_AUTO_TEST_CASE(a_command_does_not_outlive_its_object) {
    pid_t pid = 0;
    {
        auto const running = running_command::start(shell("exec sleep 60"));
        pid = running->pid();
        BOOST_TEST(::kill(pid, 0) == 0);
    }
    BOOST_TEST(::kill(pid, 0) == -1);
}

BOOST_AUTO_TEST_SUITE_END()
