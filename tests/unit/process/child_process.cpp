#include "process/child_process.hpp"

#include "sandbox/temporary_folder.hpp"
#include "support/child_process.hpp"
#include "support/run_awaitable.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(process_child_process)

using namespace acme_dns01;
using boost::test_tools::per_element;
namespace asio = boost::asio;

namespace {

program_call script(std::string text, environment_variables environment = {}) {
    environment.emplace("PATH", "/usr/bin:/bin");
    return {.arguments = {"sh", "-c", std::move(text)}, .environment = std::move(environment)};
}

async_result<int> status_in_this_loop(program_call call) {
    termination_signals signals(co_await asio::this_coro::executor);
    auto const status = co_await run_in_foreground(signals, std::move(call));
    co_return status;
}

result<int> outcome_of(program_call call) {
    return test::run(status_in_this_loop(std::move(call)));
}

int status_of(program_call call) { return outcome_of(std::move(call)).value(); }

// Which of the signals that we send ourselves the reaction hears, before and after a program runs.
asio::awaitable<std::vector<int>> heard_around_a_program() {
    auto const executor = co_await asio::this_coro::executor;
    termination_signals signals(executor);
    std::vector<int> heard;
    auto const keep = [&](int number, bool) { heard.push_back(number); };
    signals.react_with(keep);
    ::raise(SIGTERM);
    auto call = script("exit 0");
    co_await run_in_foreground(signals, std::move(call));
    signals.react_with(keep);
    ::raise(SIGHUP);
    while (heard.size() < 2)
        co_await asio::post(executor, asio::use_awaitable);
    co_return heard;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_status_is_the_one_a_shell_reports) {
    BOOST_TEST(status_of(script("exit 0")) == 0);
    BOOST_TEST(status_of(script("exit 203")) == 203);
    BOOST_TEST(status_of(script("kill -KILL $$")) == 128 + SIGKILL);
}

BOOST_AUTO_TEST_CASE(the_status_is_right_when_our_caller_ignores_SIGCHLD) {
    auto* const before = ::signal(SIGCHLD, SIG_IGN);
    BOOST_TEST(status_of(script("exit 5")) == 5);
    ::signal(SIGCHLD, before);
}

BOOST_AUTO_TEST_CASE(the_environment_is_the_given_one) {
    BOOST_TEST(status_of(script("test \"$A=$HOME\" = 'one two='", {{"A", "one two"}})) == 0);
}

BOOST_AUTO_TEST_CASE(a_program_is_never_looked_for_in_the_current_folder) {
    sandbox::temporary_folder const folder("acme-dns01-path");
    auto const program = folder.path() / "certbot-here";
    std::filesystem::copy_file("/bin/true", program);
    auto const before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    for (std::string const path :
         {"", ":", ".", "./", "/usr/bin:", ":/usr/bin", "..", "/nonexistent"}) {
        BOOST_TEST_CONTEXT(path) {
            auto const outcome =
                outcome_of({.arguments = {"certbot-here"}, .environment = {{"PATH", path}}});
            BOOST_REQUIRE(!outcome);
            BOOST_TEST(
                outcome.error().message ==
                "cannot start certbot-here: it is in no folder of PATH (" + path + ")"
            );
        }
    }
    BOOST_TEST(!outcome_of({.arguments = {"certbot-here"}}));
    BOOST_TEST(status_of({.arguments = {"./certbot-here"}}) == 0);
    std::filesystem::current_path(before);
}

BOOST_AUTO_TEST_CASE(a_program_is_looked_up_in_the_given_path) {
    BOOST_TEST(status_of(script("exit 3", {{"PATH", "/nonexistent:/bin"}})) == 3);
    BOOST_TEST(!outcome_of(script("exit 3", {{"PATH", "/nonexistent"}})));
    BOOST_TEST(status_of({.arguments = {"/bin/sh", "-c", "exit 3"}}) == 3);
    BOOST_TEST(status_of({.arguments = {"sh", "-c", "exit 3"}}) == 3);
}

BOOST_AUTO_TEST_CASE(the_umask_is_the_given_one_and_ours_stays) {
    auto const before = ::umask(0077);
    auto call = script("test \"$(umask)\" = 0027");
    call.umask = 0027;
    BOOST_TEST(status_of(call) == 0);
    BOOST_TEST(status_of(script("test \"$(umask)\" = 0077")) == 0);
    BOOST_TEST(::umask(before) == 0077U);
}

BOOST_AUTO_TEST_CASE(an_error_names_the_program_that_cannot_be_started) {
    auto const missing =
        outcome_of({.arguments = {"no-such-client", "renew"}, .environment = {{"PATH", "/bin"}}});
    BOOST_REQUIRE(!missing);
    BOOST_TEST((missing.error().kind == error_kind::usage));
    BOOST_TEST(
        missing.error().message == "cannot start no-such-client: it is in no folder of PATH (/bin)"
    );
    BOOST_TEST(missing.error().hint == "install it, or put its whole path after --");
    auto const no_file = outcome_of({.arguments = {"/no/such/client"}});
    BOOST_REQUIRE(!no_file);
    BOOST_TEST(
        no_file.error().message == "cannot start /no/such/client: No such file or directory"
    );
    BOOST_TEST(no_file.error().hint == "put the client's command after --");
    auto const no_program = outcome_of({.arguments = {"/dev/null"}});
    BOOST_REQUIRE(!no_program);
    BOOST_TEST(no_program.error().message == "cannot start /dev/null: Permission denied");
    BOOST_TEST(
        no_program.error().hint == "make the file executable with chmod +x, or name a program"
    );
}

BOOST_AUTO_TEST_CASE(a_termination_signal_is_passed_to_the_program) {
    for (auto const number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        BOOST_TEST_CONTEXT(number) {
            auto const n = std::to_string(number);
            auto const text =
                "trap 'exit 9' " + n + "; kill -" + n + " $PPID; while :; do sleep 0.01; done";
            BOOST_TEST(status_of(script(text)) == 9);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_program_starts_with_the_signal_mask_of_our_caller) {
    BOOST_TEST(status_of(script("kill -TERM $$; exit 0")) == 128 + SIGTERM);
}

// The first reaction, before any program has started.
BOOST_AUTO_TEST_CASE(a_signal_ends_us_until_there_is_another_reaction) {
    auto const child = test::child_that([] {
        asio::io_context io(1);
        termination_signals const signals(io.get_executor());
        ::raise(SIGTERM);
        io.run();
        return true;
    });
    auto waited = 0;
    ::waitpid(child, &waited, 0);
    BOOST_TEST(exit_status_from(waited) == 128 + SIGTERM);
}

BOOST_AUTO_TEST_CASE(signals_before_and_after_the_program_are_for_the_reaction) {
    std::vector const expected{SIGTERM, SIGHUP};
    BOOST_TEST(test::run(heard_around_a_program()) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(an_ignored_signal_stays_ignored) {
    auto* const before = ::signal(SIGHUP, SIG_IGN);
    BOOST_TEST(status_of(script("kill -HUP $PPID; kill -HUP $$; exit 4")) == 4);
    ::signal(SIGHUP, before);
}

BOOST_AUTO_TEST_CASE(signals_do_afterwards_what_they_did_before) {
    static volatile std::sig_atomic_t heard = 0;
    auto* const before = ::signal(SIGTERM, [](int) { heard = 1; });
    BOOST_TEST(status_of(script("exit 0")) == 0);
    ::raise(SIGTERM);
    BOOST_TEST(heard == 1);
    ::signal(SIGTERM, before);
}

BOOST_AUTO_TEST_SUITE_END()
