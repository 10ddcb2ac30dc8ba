#include "challenge/plan.hpp"

#include "challenge/side_by_side.hpp"
#include "support/challenge_services.hpp"
#include "support/run_awaitable.hpp"
#include "support/user.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(challenge_plan)

using namespace acme_dns01;
using namespace acme_dns01::test;
using boost::test_tools::per_element;
using challenge::part_in_order;
using journal::state;

namespace {

using entries = std::vector<journal::entry>;

auto const apex = challenge_for("example.com", value_a);
auto const www = challenge_for("www.example.com", value_b);

// A row of the living run, by its key.
journal::entry row(std::int64_t key, state at, std::int64_t remaining = 0, bool follows = false) {
    journal::entry e;
    e.key = key;
    e.at = at;
    e.domain = apex.domain;
    e.fqdn = apex.fqdn;
    e.value = apex.value;
    e.owner = living_run();
    e.remaining = remaining;
    e.last_cleanup_follows = follows;
    if (at != state::planned) e.zone = name_of("example.com");
    if (at == state::created || at == state::removing) e.id = 100 + key;
    return e;
}

journal::entry of_another_run(journal::entry e) {
    e.owner.process.pid = 1;
    return e;
}

ids keys_of(entries const& rows) {
    ids keys;
    for (auto const& e : rows)
        keys.push_back(e.key);
    return keys;
}

challenge::cleanup_call call_for(std::int64_t remaining, std::int64_t id = 0) {
    challenge::cleanup_call call{living_run(), apex, remaining, {}};
    if (id != 0) call.record = challenge::record_id{name_of("example.com"), id};
    return call;
}

// The plans of a run, as "example.com 2".
texts plans(journal::store& j, journal::run const& owner) {
    texts all;
    auto const rows = j.outstanding().value();
    for (auto const& c : challenge::planned_challenges(rows, owner).value())
        all.push_back(c.domain + " " + std::to_string(c.planned->remaining));
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_hook_leaves_its_work_to_the_last_if_that_is_certain_to_come) {
    using enum part_in_order;
    struct {
        challenge::hook_call_facts known;
        part_in_order expected;
    } const cases[] = {
        // counted, to come, has a challenge, journal lasts, client is certain
        {{true, 2, true, true, true}, early},
        {{true, 1, true, true, true}, early},
        {{true, 0, true, true, true}, last},
        // A challenge of another type is none of ours, but its call may be the last.
        {{true, 1, false, true, true}, alone},
        {{true, 0, false, true, true}, last},
        {{false, 0, true, true, true}, alone},
        {{false, 1, true, true, true}, alone},
        {{true, 1, true, false, true}, alone},
        {{true, 0, true, false, true}, alone},
        {{true, 1, true, true, false}, alone},
        {{true, 0, true, true, false}, alone},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT("case " << &c - cases) {
            BOOST_TEST((challenge::part_of(c.known) == c.expected));
        }
    }
}

BOOST_AUTO_TEST_CASE(plans_belong_to_their_run_and_come_in_its_order) {
    auto j = journal::store::in_memory();
    BOOST_TEST(bool(challenge::plan(j, {apex}, living_run(), 2)));
    BOOST_TEST(bool(challenge::plan(j, {www}, ended_run(), 1)));
    BOOST_TEST(bool(challenge::plan(j, {www}, living_run(), 1)));
    BOOST_TEST(
        plans(j, living_run()) == (texts{"example.com 2", "www.example.com 1"}), per_element()
    );
    BOOST_TEST(plans(j, ended_run()) == texts{"www.example.com 1"}, per_element());
    BOOST_TEST(j.outstanding().value().front().zone.is_root());
}

BOOST_AUTO_TEST_CASE(an_older_order_of_the_same_run_leaves_no_plans) {
    auto j = journal::store::in_memory();
    BOOST_TEST(bool(challenge::plan(j, {apex}, living_run(), 3)));
    BOOST_TEST(bool(challenge::plan(j, {www}, living_run(), 1)));
    BOOST_TEST(bool(challenge::plan(j, {www}, living_run(), 3)));
    BOOST_TEST(bool(challenge::plan(j, {apex}, living_run(), 2)));
    BOOST_TEST(
        plans(j, living_run()) == (texts{"www.example.com 3", "example.com 2"}), per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_wildcard_and_an_alias_that_the_client_follows_are_planned_as_named) {
    auto j = journal::store::in_memory();
    auto const wildcard = challenge_for("*.example.com", value_a);
    auto const alias = challenge::make_challenge_at("proofs.example.net", value_b).value();
    BOOST_TEST(bool(challenge::plan(j, {wildcard}, living_run(), 2)));
    BOOST_TEST(bool(challenge::plan(j, {alias}, living_run(), 1)));
    auto found = challenge::planned_challenges(j.outstanding().value(), living_run()).value();
    BOOST_REQUIRE(found.size() == 2U);
    for (auto& c : found)
        c.planned.reset();
    BOOST_TEST((found == std::vector{wildcard, alias}));
}

BOOST_AUTO_TEST_CASE(a_plan_that_was_changed_by_hand_is_refused) {
    auto changed = row(1, state::planned, 1);
    changed.value = "short";
    auto const found = challenge::planned_challenges({changed}, living_run());
    BOOST_REQUIRE(!found);
    BOOST_TEST(
        whole_text(found.error()) == "usage: 'short' is not a challenge value for example.com: it "
                                     "must be 43 base64url characters: "
    );
}

BOOST_AUTO_TEST_CASE(a_cleanup_call_has_the_rows_of_its_own_run_and_challenge) {
    auto other_value = row(4, state::created);
    other_value.value = value_c;
    auto other_domain = row(5, state::created);
    other_domain.domain = "*.example.com";
    entries const rows{
        row(1, state::created, 2),
        row(2, state::created, 1),
        of_another_run(row(3, state::created, 1)),
        other_value,
        other_domain};
    BOOST_TEST(keys_of(challenge::rows_of_call(rows, call_for(1))) == ids{2}, per_element());
    BOOST_TEST(keys_of(challenge::rows_of_call(rows, call_for(2))) == ids{1}, per_element());
    // No row with this number: all that are about the challenge.
    BOOST_TEST(keys_of(challenge::rows_of_call(rows, call_for(0))) == (ids{1, 2}), per_element());
    BOOST_TEST(keys_of(challenge::rows_of_call(rows, call_for(1, 101))) == ids{1}, per_element());
    BOOST_TEST(challenge::rows_of_call(rows, call_for(1, 103)).empty());
    BOOST_TEST(challenge::rows_of_call(rows, call_for(1, 999)).empty());
}

BOOST_AUTO_TEST_CASE(a_removal_is_left_only_to_a_last_call_that_will_come) {
    struct {
        entries rows;
        bool may;
    } const cases[] = {
        {{}, false},
        {{row(1, state::planned)}, true},
        {{row(1, state::created)}, false},
        {{row(1, state::intended)}, false},
        {{row(1, state::created, 0, true)}, true},
        {{row(1, state::intended, 0, true)}, true},
        {{row(1, state::created, 0, true), row(2, state::planned)}, true},
        {{row(1, state::created, 0, true), row(2, state::created)}, false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT("case " << &c - cases) {
            BOOST_TEST(challenge::may_be_left_to_the_last(c.rows) == c.may);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_left_to_the_last_call_is_found_by_it) {
    challenge_services all;
    auto& j = all.state.journal();
    all.add_journalled(apex, living_run());
    all.add_journalled(apex, ended_run());
    BOOST_TEST(bool(challenge::plan(j, {www}, living_run(), 1)));
    BOOST_TEST(bool(j.expect_last_cleanup(living_run())));
    auto rows = all.entries();
    std::erase_if(rows, [](auto const& e) { return e.owner != living_run(); });
    BOOST_REQUIRE(rows.size() == 2U);
    BOOST_TEST(challenge::may_be_left_to_the_last(rows));
    BOOST_TEST(bool(challenge::leave_to_the_last(j, rows)));
    texts const expected{"removing example.com=" + value_a, "created example.com=" + value_a};
    BOOST_TEST(all.rows() == expected, per_element());
    auto const left = challenge::rows_left_to_the_last(all.entries(), living_run());
    BOOST_TEST(keys_of(left) == ids{rows.front().key}, per_element());
    BOOST_TEST(challenge::rows_left_to_the_last(all.entries(), ended_run()).empty());
    BOOST_TEST(calls_of(all.s).empty());
}

BOOST_AUTO_TEST_CASE(a_plan_is_forgotten_without_a_request) {
    challenge_services all;
    BOOST_TEST(bool(challenge::plan(all.state.journal(), {apex}, ended_run(), 1)));
    auto const done = all.run(all.cleaner.remove_all(all.entries()));
    BOOST_TEST(done.failures.empty());
    BOOST_TEST(done.removed.empty());
    BOOST_TEST(all.entries().empty());
    BOOST_TEST(all.s.arrived() == 0U);
}

BOOST_AUTO_TEST_CASE(equal_keys_take_turns_and_others_go_side_by_side) {
    texts events;
    std::size_t running = 0;
    std::size_t most = 0;
    std::function<boost::asio::awaitable<int>(std::size_t)> const task =
        [&](std::size_t i) -> boost::asio::awaitable<int> {
        most = std::max(most, ++running);
        events.push_back("+" + std::to_string(i));
        auto const executor = co_await boost::asio::this_coro::executor;
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
        events.push_back("-" + std::to_string(i));
        --running;
        co_return static_cast<int>(10 * i);
    };
    auto const values = test::run(challenge::side_by_side<int>({"a", "b", "a"}, task));
    BOOST_TEST(values == (std::vector{0, 10, 20}), per_element());
    BOOST_TEST(events == (texts{"+0", "+1", "-0", "+2", "-1", "-2"}), per_element());
    texts keys;
    for (int i = 0; i < 130; ++i)
        keys.push_back(std::to_string(i));
    most = 0;
    test::run(challenge::side_by_side<int>(keys, task));
    BOOST_TEST(most == digitalocean::requester::connections_max);
}

BOOST_AUTO_TEST_SUITE_END()
