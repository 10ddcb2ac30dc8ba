#include "base/process.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>
#include <functional>
#include <set>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace acme_dns01;

namespace {

// Ends the child without its parent's clean-up: that is the parent's.
[[noreturn]] void in_child(std::function<bool()> const& work) { ::_exit(work() ? 0 : 1); }

pid_t child_that(std::function<bool()> const& work) {
    auto const pid = ::fork();
    BOOST_REQUIRE(pid >= 0);
    if (pid == 0) in_child(work);
    return pid;
}

bool succeeded(pid_t child) {
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool wait_for_signal() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    while (true)
        ::pause();
}

std::string command_of(long pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    std::getline(file, name);
    return name;
}

bool is_called(char const* name) { return ::prctl(PR_SET_NAME, name, 0, 0, 0) == 0; }

// True where a process whose parent is called `name` takes for its caller the one given.
bool caller_below(char const* name, std::function<bool(process_id const&)> const& is_expected) {
    auto const parent = child_that([&] {
        if (!is_called(name)) return false;
        auto const child = ::fork();
        if (child == 0) in_child([&] { return is_expected(calling_process("certbot")); });
        return child > 0 && succeeded(child);
    });
    return succeeded(parent);
}

} // namespace

BOOST_AUTO_TEST_SUITE(base_process)

BOOST_AUTO_TEST_CASE(this_process_is_known_and_alive) {
    auto const self = this_process();
    BOOST_TEST(self.pid == ::getpid());
    BOOST_TEST(!self.started.empty());
    BOOST_TEST((identify(self.pid) == self));
    BOOST_TEST(is_alive(self));
}

BOOST_AUTO_TEST_CASE(a_child_is_somebody_else_and_alive_until_it_ends) {
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

BOOST_AUTO_TEST_CASE(a_process_that_ended_and_that_nobody_waited_for_is_not_alive) {
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

BOOST_AUTO_TEST_CASE(a_pid_given_to_another_process_is_not_the_first_one) {
    auto before = this_process();
    before.started += "0";
    BOOST_TEST(!is_alive(before));
    BOOST_TEST(!is_alive(process_id{::getpid(), ""}));
}

BOOST_AUTO_TEST_CASE(nobody_is_identified_where_there_is_no_process) {
    for (auto const pid : {0L, -1L, 1L << 40}) {
        BOOST_TEST_CONTEXT(pid) {
            BOOST_TEST(!identify(pid));
            BOOST_TEST(!is_alive(process_id{pid, "x"}));
        }
    }
}

BOOST_AUTO_TEST_CASE(blanks_and_parentheses_in_a_command_mislead_nobody) {
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

BOOST_AUTO_TEST_CASE(the_caller_is_alive_and_no_shell) {
    std::set<std::string> const shells{"sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"};
    auto const caller = calling_process("certbot");
    BOOST_TEST(is_alive(caller));
    BOOST_TEST(shells.count(command_of(caller.pid)) == 0U);
}

BOOST_AUTO_TEST_CASE(shells_between_a_client_and_its_hook_are_passed_over) {
    auto const self = this_process();
    auto const is_self = [&](process_id const& caller) { return caller == self; };
    for (auto const* name : {"sh", "bash", "dash", "zsh", "busybox", "timeout", "sudo", "flock"}) {
        BOOST_TEST_CONTEXT(name) { BOOST_TEST(caller_below(name, is_self)); }
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_shell_is_the_caller_itself) {
    auto const is_parent = [](process_id const& caller) { return caller.pid == ::getppid(); };
    for (auto const* name : {"certbot", "python3", "shell", "sh -c", "fish)"}) {
        BOOST_TEST_CONTEXT(name) { BOOST_TEST(caller_below(name, is_parent)); }
    }
}

BOOST_AUTO_TEST_CASE(a_process_can_be_handed_over_as_a_text) {
    auto const self = this_process();
    BOOST_TEST((parse_process_id(to_text(self)) == self));
    BOOST_TEST((parse_process_id("12:") == process_id{12, ""}));
    for (auto const* text : {"", ":", "12", "x:boot:1", "-1:boot:1", "0:boot:1", "12x:boot:1"}) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(!parse_process_id(text).has_value()); }
    }
}

BOOST_AUTO_TEST_SUITE_END()
