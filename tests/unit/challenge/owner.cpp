#include "challenge/owner.hpp"

#include "support/challenge_services.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::challenge;
using journal::state;
using std::chrono::hours;
using std::chrono::system_clock;

namespace {

using keys = std::vector<std::int64_t>;

journal::run const ours{"certbot", {100, "boot:1"}, "example.com,www.example.com"};

journal::entry
row(std::int64_t key, std::int64_t remaining, state at = state::created, journal::run owner = ours
) {
    journal::entry e;
    e.key = key;
    e.remaining = remaining;
    e.at = at;
    e.owner = std::move(owner);
    return e;
}

keys picked(std::vector<journal::entry> const& outstanding) {
    keys found;
    for (auto const& e : records_of_order(outstanding, ours))
        found.push_back(e.key);
    return found;
}

void check(std::vector<journal::entry> const& outstanding, keys const& expected) {
    BOOST_TEST(picked(outstanding) == expected, boost::test_tools::per_element());
}

system_clock::time_point const now(hours(500'000));

process_id const living{1, "alive"};
process_id const ended{2, "over"};
process_id const wrapper{3, "alive"}; // calls hooks, but is not the client
process_id const away{4, "alive", "in another container, or on another machine"};

process_state state_of_case(process_id const& p) {
    if (p == away) return process_state::elsewhere;
    return p == living || p == wrapper ? process_state::running : process_state::ended;
}

journal::entry aged_row(
    std::string const& client, process_id const& process, state at, system_clock::duration age
) {
    journal::entry e;
    e.owner = {client, process, ""};
    e.at = at;
    e.since = now - age;
    return e;
}

bool goes(journal::entry const& e, std::optional<seconds> older_than = {}) {
    auto const is_client = [](journal::run const& owner) { return owner.process == living; };
    sweep_limits const limits{now, older_than, state_of_case, is_client};
    return rows_to_sweep({e}, limits).size() == 1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(challenge_owner)

BOOST_AUTO_TEST_CASE(all_records_of_the_order_in_the_order_they_were_made) {
    check({}, {});
    check({row(1, 0)}, {1});
    check({row(1, 2), row(2, 1), row(3, 0)}, {1, 2, 3});
}

BOOST_AUTO_TEST_CASE(challenges_that_made_no_record_leave_gaps) {
    check({row(1, 7), row(2, 3), row(3, 1)}, {1, 2, 3});
}

BOOST_AUTO_TEST_CASE(an_earlier_order_that_failed_half_way_does_not_count) {
    check({row(1, 2), row(2, 2), row(3, 1), row(4, 0)}, {2, 3, 4});
    check({row(1, 2), row(2, 1), row(3, 2), row(4, 1), row(5, 0)}, {3, 4, 5});
    check({row(1, 2), row(2, 1), row(3, 0), row(4, 0)}, {4});
}

BOOST_AUTO_TEST_CASE(other_runs_do_not_count) {
    auto const other = [](auto change) {
        auto run = ours;
        change(run);
        return run;
    };
    journal::run const others[] = {
        other([](auto& r) { r.client = "present"; }),
        other([](auto& r) { r.process.pid = 101; }),
        other([](auto& r) { r.process.started = "boot:2"; }),
        other([](auto& r) { r.order = "example.net"; }),
    };
    for (auto const& owner : others) {
        BOOST_TEST_CONTEXT(
            owner.client << owner.process.pid << owner.process.started << owner.order
        ) {
            check(
                {row(1, 9, state::created, owner),
                 row(2, 1),
                 row(3, 1, state::created, owner),
                 row(4, 0),
                 row(5, 0, state::created, owner)},
                {2, 4}
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(rows_that_are_not_created_do_not_count) {
    check({row(1, 2, state::intended), row(2, 1), row(3, 0)}, {2, 3});
    check({row(1, 2), row(2, 1, state::removing), row(3, 0)}, {1, 3});
    check({row(1, 0, state::intended)}, {});
}

BOOST_AUTO_TEST_CASE(rows_that_are_not_created_still_separate_orders) {
    check({row(1, 1), row(2, 2, state::intended), row(3, 1), row(4, 0)}, {3, 4});
    check({row(1, 0), row(2, 0, state::removing)}, {});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(challenge_sweep)

BOOST_AUTO_TEST_CASE(rows_are_left_behind_by_run_state_and_age) {
    struct {
        std::string client;
        process_id process;
        state at;
        system_clock::duration age;
        bool goes;
    } const cases[] = {
        {"certbot", ended, state::created, hours(0), true},
        {"certbot", ended, state::intended, hours(0), true},
        {"certbot", ended, state::removing, hours(0), true},
        {"certbot", ended, state::created, -hours(3), true},
        {"certbot", living, state::created, hours(0), false},
        {"certbot", living, state::intended, hours(23), false},
        {"certbot", living, state::removing, hours(23), false},
        {"certbot", living, state::created, hours(24), true},
        {"certbot", wrapper, state::created, hours(23), false},
        {"present", ended, state::created, hours(23), false},
        {"present", ended, state::created, hours(24), true},
        {"present", ended, state::intended, hours(0), true},
        {"present", ended, state::removing, hours(0), true},
        {"present", living, state::intended, hours(23), false},
        // No end of these is known, so only their age counts.
        {"certbot", away, state::created, hours(23), false},
        {"certbot", away, state::intended, hours(23), false},
        {"certbot", away, state::removing, hours(23), false},
        {"certbot", away, state::created, hours(24), true},
        {"present", away, state::intended, hours(23), false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(
            c.client << " " << c.process.started << " " << to_string(c.at) << " "
                     << c.age / hours(1)
        ) {
            BOOST_TEST(goes(aged_row(c.client, c.process, c.at, c.age)) == c.goes);
        }
    }
}

BOOST_AUTO_TEST_CASE(older_than_spares_younger_rows_and_living_clients) {
    struct {
        std::string client;
        process_id process;
        system_clock::duration age;
        double older_than;
        bool goes;
    } const cases[] = {
        {"certbot", ended, hours(1), 3600, true},
        {"certbot", ended, hours(1), 3601, false},
        {"certbot", ended, hours(30), 200'000, false},
        {"certbot", ended, hours(0), 0, true},
        {"present", ended, hours(0), 0, true},
        {"present", ended, hours(1), 3601, false},
        {"certbot", living, hours(23), 0, false},
        {"certbot", living, hours(24), 0, true},
        {"certbot", living, hours(30), 200'000, false},
        {"certbot", wrapper, hours(1), 3600, true},
        {"certbot", wrapper, hours(1), 3601, false},
        {"certbot", away, hours(1), 3600, true},
        {"certbot", away, hours(1), 3601, false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(
            c.client << " " << c.process.started << " " << c.age / hours(1) << " " << c.older_than
        ) {
            auto const e = aged_row(c.client, c.process, state::created, c.age);
            BOOST_TEST(goes(e, seconds(c.older_than)) == c.goes);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_client_leaves_rows_of_ended_processes_and_of_its_runner) {
    process_id const runner{3, "alive"};
    struct {
        std::string client;
        process_id process;
        bool was_there_before;
        bool is_left;
    } const cases[] = {
        {"certbot", ended, false, true},
        {"certbot", ended, true, false},
        {"certbot", living, false, false},
        {"certbot", away, false, false},
        // A script is not known as a client; its hooks belong to the process that runs it.
        {"certbot", runner, false, true},
        {"run", runner, false, true},
        // Made by hand at another terminal.
        {"present", ended, false, false},
        {"run", ended, true, false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.client << " " << c.process.pid << " " << c.was_there_before) {
            auto const e = aged_row(c.client, c.process, state::created, hours(0));
            std::vector<journal::entry> before;
            if (c.was_there_before) before.push_back(e);
            BOOST_TEST(
                rows_left_by(runner, before, {e}, state_of_case).size() == (c.is_left ? 1U : 0U)
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(a_record_that_the_client_has_adopted_is_its_own) {
    auto before = aged_row("certbot", living, state::created, hours(1));
    auto adopted = before;
    adopted.owner.process = ended;
    BOOST_TEST(rows_left_by(wrapper, {before}, {adopted}, state_of_case).size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_chosen_rows_are_removed_with_their_records) {
    test::challenge_services all;
    auto const www = test::challenge_for("www.example.com", test::value_a);
    auto const left = all.add_journalled(www, test::ended_run());
    all.add_journalled(www, test::living_run());
    sweep_limits const limits{system_clock::now(), {}};
    auto const chosen = rows_to_sweep(all.entries(), limits);
    auto const done = all.run(all.cleaner.remove_all(chosen));
    BOOST_TEST(done.failures.empty());
    auto const label = "example.com/" + std::to_string(*left.id);
    BOOST_TEST(
        test::labels_of(done.removed) == test::texts{label}, boost::test_tools::per_element()
    );
    BOOST_TEST(test::txt_values(all.s, "example.com").size() == 1U);
    BOOST_REQUIRE(all.entries().size() == 1U);
    BOOST_TEST((all.entries()[0].owner == test::living_run()));
}

BOOST_AUTO_TEST_CASE(a_row_that_another_process_has_changed_is_left_alone) {
    test::challenge_services all;
    auto const www = test::challenge_for("www.example.com", test::value_a);
    auto const mail = test::challenge_for("mail.example.com", test::value_b);
    auto const adopted = all.add_journalled(www, test::ended_run());
    all.add_journalled(mail, test::ended_run());
    auto const chosen = rows_to_sweep(all.entries(), {system_clock::now(), {}});
    BOOST_REQUIRE(chosen.size() == 2U);
    journal::intent meanwhile = adopted;
    meanwhile.owner = test::living_run();
    BOOST_REQUIRE(all.state.journal().adopt(adopted, meanwhile).value().has_value());
    auto const done = all.run(all.cleaner.remove_all(chosen));
    BOOST_TEST(done.failures.empty());
    BOOST_TEST(done.removed.size() == 1U);
    test::texts const left{"created www.example.com=" + test::value_a};
    BOOST_TEST(all.rows() == left, boost::test_tools::per_element());
    BOOST_TEST(test::txt_values(all.s, "example.com").size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_failed_removal_does_not_stop_the_others) {
    test::challenge_services all;
    auto const www = test::challenge_for("www.example.com", test::value_a);
    all.add_journalled(www, test::ended_run());
    all.add_journalled(www, test::ended_run());
    auto refusal = test::failing(sandbox::fault_action::answer, "DELETE");
    refusal.status = 403;
    all.s.inject(refusal);
    auto const done = all.run(all.cleaner.remove_all(all.entries()));
    BOOST_REQUIRE(done.failures.size() == 1U);
    BOOST_TEST(to_string(done.failures[0].kind) == "unauthorized");
    BOOST_TEST(done.failures[0].message.starts_with("www.example.com: "));
    BOOST_TEST(done.removed.size() == 1U);
    BOOST_TEST(all.entries().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
