#include "challenge/sweep.hpp"

#include "support/challenge_services.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::challenge;
using journal::state;
using std::chrono::hours;
using std::chrono::system_clock;

namespace {

system_clock::time_point const now(hours(500'000));

process_id const living{1, "alive"};
process_id const ended{2, "over"};
process_id const wrapper{3, "alive"}; // of hooks, and no client

journal::entry
row(std::string const& client, process_id const& process, state at, system_clock::duration age) {
    journal::entry e;
    e.owner = {client, process, ""};
    e.at = at;
    e.since = now - age;
    return e;
}

bool goes(journal::entry const& e, std::optional<seconds> older_than = {}) {
    auto const is_alive = [](process_id const& p) { return p == living || p == wrapper; };
    auto const is_client = [](journal::run const& owner) { return owner.process == living; };
    sweep_limits const limits{now, older_than, is_alive, is_client};
    return rows_to_sweep({e}, limits).size() == 1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(challenge_sweep)

BOOST_AUTO_TEST_CASE(what_is_left_behind_depends_on_the_run_the_state_and_the_age) {
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
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(
            c.client << " " << c.process.started << " " << to_string(c.at) << " "
                     << c.age / hours(1)
        ) {
            BOOST_TEST(goes(row(c.client, c.process, c.at, c.age)) == c.goes);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_age_that_was_asked_for_spares_the_younger_and_the_living) {
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
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(
            c.client << " " << c.process.started << " " << c.age / hours(1) << " " << c.older_than
        ) {
            auto const e = row(c.client, c.process, state::created, c.age);
            BOOST_TEST(goes(e, seconds(c.older_than)) == c.goes);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_client_has_left_what_is_new_and_of_ended_processes_or_its_runners) {
    process_id const runner{3, "alive"};
    auto const is_alive = [&](process_id const& p) { return p == living || p == runner; };
    struct {
        std::string client;
        process_id process;
        bool was_there_before;
        bool is_left;
    } const cases[] = {
        {"certbot", ended, false, true},
        {"certbot", ended, true, false},
        {"certbot", living, false, false},
        // Hooks of a script, which is taken for no client, belong to what runs it.
        {"certbot", runner, false, true},
        {"run", runner, false, true},
        // Somebody else's, at another terminal.
        {"present", ended, false, false},
        {"run", ended, true, false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.client << " " << c.process.pid << " " << c.was_there_before) {
            auto const e = row(c.client, c.process, state::created, hours(0));
            std::vector<journal::entry> before;
            if (c.was_there_before) before.push_back(e);
            BOOST_TEST(rows_left_by(runner, before, {e}, is_alive).size() == (c.is_left ? 1U : 0U));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_record_that_the_client_has_adopted_is_its_own) {
    auto before = row("certbot", living, state::created, hours(1));
    auto adopted = before;
    adopted.owner.process = ended;
    auto const is_alive = [](process_id const& p) { return p == living; };
    BOOST_TEST(rows_left_by({3, "alive"}, {before}, {adopted}, is_alive).size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_chosen_rows_are_removed_with_their_records) {
    test::challenge_services all;
    auto const www = test::challenge_for("www.example.com", test::value_a);
    auto const left = all.add_journalled(www, test::ended_run());
    all.add_journalled(www, test::living_run());
    sweep_limits const limits{system_clock::now(), {}};
    auto const chosen = rows_to_sweep(all.entries(), limits);
    auto const done = all.run(all.cleaner.remove_all(chosen));
    BOOST_TEST(!done.failure);
    auto const label = "example.com/" + std::to_string(*left.id);
    BOOST_TEST(
        test::labels_of(done.removed) == test::texts{label}, boost::test_tools::per_element()
    );
    BOOST_TEST(test::txt_values(all.s, "example.com").size() == 1U);
    BOOST_REQUIRE(all.entries().size() == 1U);
    BOOST_TEST((all.entries()[0].owner == test::living_run()));
}

BOOST_AUTO_TEST_CASE(a_row_that_another_process_has_changed_meanwhile_is_left_alone) {
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
    BOOST_TEST(!done.failure);
    BOOST_TEST(done.removed.size() == 1U);
    test::texts const left{"created www.example.com=" + test::value_a};
    BOOST_TEST(all.rows() == left, boost::test_tools::per_element());
    BOOST_TEST(test::txt_values(all.s, "example.com").size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_removal_that_fails_does_not_keep_the_others) {
    test::challenge_services all;
    auto const www = test::challenge_for("www.example.com", test::value_a);
    all.add_journalled(www, test::ended_run());
    all.add_journalled(www, test::ended_run());
    auto refusal = test::failing(sandbox::fault_action::answer, "DELETE");
    refusal.status = 403;
    all.s.inject(refusal);
    auto const done = all.run(all.cleaner.remove_all(all.entries()));
    BOOST_REQUIRE(done.failure.has_value());
    BOOST_TEST(to_string(done.failure->kind) == "unauthorized");
    BOOST_TEST(done.failure->message.starts_with("www.example.com: "));
    BOOST_TEST(done.removed.size() == 1U);
    BOOST_TEST(all.entries().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
