#include "process/process.hpp"

#include "support/child_process.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>
#include <functional>
#include <set>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(process_process)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

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

// True if a process whose parent is called `name` finds the expected caller.
bool caller_below(char const* name, std::function<bool(process_id const&)> const& is_expected) {
    auto const parent = child_that([&] {
        auto const asks = [&] { return is_expected(calling_process("certbot")); };
        return is_called(name) && succeeded(child_that(asks));
    });
    return succeeded(parent);
}

// The answer of a process whose parent leads a session of its own and has ended. We adopt it, as
// the first process of a machine would.
bool seen_by_an_orphan(std::function<bool()> const& question) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    auto const self = ::getpid();
    auto const parent = child_that([&] {
        ::setsid();
        child_that([&] {
            while (::getppid() != self)
                ::usleep(1000);
            return question();
        });
        return true;
    });
    auto const is_ended = succeeded(parent);
    auto const is_true = succeeded(any_child);
    ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    return is_ended && is_true;
}

} // namespace

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

BOOST_AUTO_TEST_CASE(a_process_counts_as_alive_when_no_descriptor_is_left) {
    auto const self = this_process();
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    rlimit const none{0, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
    auto const alive = is_alive(self);
    auto const unused = is_alive(process_id{1L << 40, ""});
    ::setrlimit(RLIMIT_NOFILE, &before);
    BOOST_TEST(alive);
    BOOST_TEST(!unused);
}

BOOST_AUTO_TEST_CASE(an_unused_pid_has_no_identity) {
    for (auto const pid : {0L, -1L, 1L << 40}) {
        BOOST_TEST_CONTEXT(pid) {
            BOOST_TEST(!identify(pid));
            BOOST_TEST(!is_alive(process_id{pid, "x"}));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_end_of_a_process_is_known_in_its_own_place_alone) {
    auto process = this_process();
    BOOST_TEST((state_of(process) == process_state::running));
    process.started += "0";
    BOOST_TEST((state_of(process) == process_state::ended));
    for (auto const* place : {"", "another machine, boot or process-id namespace"}) {
        process.place = place;
        BOOST_TEST((state_of(process) == process_state::elsewhere), place);
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
    BOOST_TEST((parse_process_id("12:7") == process_id{12, "7"}));
    for (auto const* text :
         {"", ":", "12", "x:7:place", "-1:7:place", "0:7:place", "12x:7:place"}) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(!parse_process_id(text).has_value()); }
    }
}

BOOST_AUTO_TEST_CASE(the_caller_is_alive_and_not_a_shell) {
    std::set<std::string> const shells{"sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"};
    auto const caller = calling_process("certbot");
    BOOST_TEST(is_alive(caller));
    BOOST_TEST(shells.count(command_of(caller.pid)) == 0U);
}

BOOST_AUTO_TEST_CASE(go_betweens_of_a_client_and_its_hook_are_skipped) {
    auto const self = this_process();
    auto const is_self = [&](process_id const& caller) { return caller == self; };
    for (auto const* name : {"sh", "bash", "dash", "zsh", "busybox", "timeout", "sudo", "flock"}) {
        BOOST_TEST_CONTEXT(name) { BOOST_TEST(caller_below(name, is_self)); }
    }
}

BOOST_AUTO_TEST_CASE(a_parent_that_is_not_a_go_between_is_the_caller) {
    auto const is_parent = [](process_id const& caller) { return caller.pid == ::getppid(); };
    for (auto const* name : {"certbot", "python3", "shell", "sh -c", "fish)"}) {
        BOOST_TEST_CONTEXT(name) { BOOST_TEST(caller_below(name, is_parent)); }
    }
}

BOOST_AUTO_TEST_CASE(an_orphan_is_cut_off_from_all_its_ancestors) {
    auto const self = this_process();
    BOOST_TEST(seen_by_an_orphan([] { return is_cut_off_from(this_process()); }));
    BOOST_TEST(seen_by_an_orphan([&] { return is_cut_off_from(self); }));
    BOOST_TEST(seen_by_an_orphan([] { return calling_process("certbot") == this_process(); }));
    // So is an orphan's child, but not from the orphan.
    BOOST_TEST(seen_by_an_orphan([&] {
        auto const orphan = this_process();
        return succeeded(child_that([&] {
            return is_cut_off_from(self) && !is_cut_off_from(orphan) &&
                   !is_cut_off_from(this_process());
        }));
    }));
}

BOOST_AUTO_TEST_CASE(a_new_session_does_not_cut_a_process_off) {
    auto const self = this_process();
    BOOST_TEST(!is_cut_off_from(self));
    BOOST_TEST(succeeded(child_that([&] {
        ::setsid();
        return !is_cut_off_from(this_process()) && !is_cut_off_from(self);
    })));
}

BOOST_AUTO_TEST_CASE(a_process_that_is_not_an_ancestor_did_not_call_us) {
    auto const child = child_that([] { return ::pause() == 0; });
    BOOST_TEST(is_cut_off_from(identify(child).value()));
    ::kill(child, SIGKILL);
    succeeded(child);
}

BOOST_AUTO_TEST_CASE(only_what_a_process_was_started_with_counts) {
    ::setenv("ACME_DNS01_TEST_SET_LATER", "x", 1);
    BOOST_TEST(was_started_with(this_process(), "PATH"));
    BOOST_TEST(!was_started_with(this_process(), "PAT"));
    BOOST_TEST(!was_started_with(this_process(), "ATH"));
    BOOST_TEST(!was_started_with(this_process(), "ACME_DNS01_TEST_SET_LATER"));
    BOOST_TEST(!was_started_with({0, ""}, "PATH"));
    ::unsetenv("ACME_DNS01_TEST_SET_LATER");
}

BOOST_AUTO_TEST_SUITE_END()
