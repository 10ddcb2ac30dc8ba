#include "challenge/pace.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace acme_dns01;
using namespace acme_dns01::challenge;
using boost::test_tools::per_element;

namespace {

using indices = std::vector<std::size_t>;

auto const start = clock::time_point(std::chrono::hours(1));

clock::time_point at(double s) { return start + to_duration(seconds(s)); }
double since_start(clock::time_point t) { return seconds(t - start).count(); }

probe asked(server_state state, double asked_at) {
    probe p;
    p.state = state;
    p.queries = 1;
    p.asked_at = at(asked_at);
    p.answered_for = p.asked_at;
    if (state == server_state::serving) p.serving_since = at(asked_at);
    if (is_failing(state)) p.failing_since = at(asked_at);
    return p;
}

probe serving(double since, double last_asked) {
    auto p = asked(server_state::serving, last_asked);
    p.serving_since = at(since);
    return p;
}

probe failing(double since, double last_asked) {
    auto p = asked(server_state::unreachable, last_asked);
    p.failing_since = at(since);
    return p;
}

probe in_flight(probe p) {
    p.in_flight = true;
    return p;
}

std::vector<probe> at_addresses_of_their_own(std::vector<probe> probes) {
    for (std::size_t i = 0; i < probes.size(); ++i)
        probes[i].address = i;
    return probes;
}

// Rounds of a second each.
decision decide_at(double now, std::vector<probe> const& probes, patience const& limits = {}) {
    rounds r(start);
    r.current = at(std::floor(now));
    r.next = at(std::floor(now) + 1);
    return decide(probes, limits, r, at(now));
}

decision at_moment(double now, std::vector<probe> const& probes, patience const& limits = {}) {
    return decide_at(now, at_addresses_of_their_own(probes), limits);
}

void check_goes_on(decision const& d, indices const& ask, double wake) {
    BOOST_TEST((d.then == verdict::go_on));
    BOOST_TEST(d.ask == ask, boost::test_tools::per_element());
    BOOST_TEST(since_start(d.wake) == wake, boost::test_tools::tolerance(1e-9));
}

} // namespace

BOOST_AUTO_TEST_SUITE(challenge_pace)

BOOST_AUTO_TEST_CASE(every_state_has_a_name_of_its_own_and_may_be_failing) {
    struct {
        server_state state;
        std::string expected;
        bool failing;
    } const cases[] = {
        {server_state::unasked, "unasked", false},
        {server_state::serving, "serving", false},
        {server_state::missing, "missing", false},
        {server_state::unreachable, "unreachable", true},
        {server_state::refused, "refused", true},
        {server_state::servfail, "servfail", true},
        {server_state::lame, "lame", true},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected) {
            BOOST_TEST(to_string(c.state) == c.expected);
            BOOST_TEST(is_failing(c.state) == c.failing);
            auto const mute = c.expected == "unasked" || c.expected == "unreachable";
            BOOST_TEST(is_mute(c.state) == mute);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_step_is_a_share_of_the_time_waited_and_at_least_the_least) {
    struct {
        double waited;
        double jitter;
        double expected;
    } const cases[] = {
        {0, 0.5, 0.03},
        {0.6, 0.5, 0.03},
        {1, 0.5, 0.045},
        {10, 0.5, 0.45},
        {60, 0.5, 2.7},
        {0, 0, 0.027},
        {60, 0, 2.43},
        {60, 1, 2.97},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.waited << " " << c.jitter) {
            auto const step = next_step(to_duration(seconds(c.waited)), c.jitter);
            BOOST_TEST(seconds(step).count() == c.expected, boost::test_tools::tolerance(1e-6));
        }
    }
}

BOOST_AUTO_TEST_CASE(rounds_follow_each_other_a_step_apart) {
    rounds r(start);
    r.advance(at(0), 0.5);
    BOOST_TEST(since_start(r.current) == 0);
    BOOST_TEST(since_start(r.next) == 0.03, boost::test_tools::tolerance(1e-6));
    r.advance(at(0.029), 0.5);
    BOOST_TEST(since_start(r.current) == 0);
    r.advance(r.next, 0.5);
    BOOST_TEST(since_start(r.current) == 0.03, boost::test_tools::tolerance(1e-6));
    // After a pause there is one round, not all that were missed.
    r.advance(at(100), 0.5);
    BOOST_TEST((r.current <= at(100)));
    BOOST_TEST((r.next > at(100)));
    auto const step = seconds(r.next - r.current).count();
    BOOST_TEST(step == 0.045 * since_start(r.current), boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(an_answer_ends_the_question_and_starts_or_keeps_its_series) {
    auto p = in_flight(asked(server_state::unasked, 1));
    observe(p, server_state::serving, at(1.2));
    BOOST_TEST(!p.in_flight);
    BOOST_TEST((p.serving_since == at(1.2)));
    observe(p, server_state::serving, at(3));
    BOOST_TEST((p.serving_since == at(1.2)));
    observe(p, server_state::missing, at(4));
    BOOST_TEST((p.state == server_state::missing));
    BOOST_TEST(!p.serving_since);
    BOOST_TEST(!p.failing_since);
}

// A silent server is known to be one only when patience with it has run out.
BOOST_AUTO_TEST_CASE(failing_counts_from_when_the_question_left) {
    auto p = in_flight(asked(server_state::unasked, 1));
    observe(p, server_state::unreachable, at(3));
    BOOST_TEST((p.failing_since == at(1)));
    p.asked_at = at(4);
    observe(p, server_state::servfail, at(4.1));
    BOOST_TEST((p.failing_since == at(1)));
    observe(p, server_state::missing, at(5));
    BOOST_TEST(!p.failing_since);
    p.asked_at = at(6);
    observe(p, server_state::refused, at(6.1));
    BOOST_TEST((p.failing_since == at(6)));
}

BOOST_AUTO_TEST_CASE(at_first_all_are_asked_at_once) {
    check_goes_on(at_moment(0, {probe(), probe(), probe()}), {0, 1, 2}, 1);
}

BOOST_AUTO_TEST_CASE(whoever_has_a_question_on_its_way_is_not_asked) {
    check_goes_on(at_moment(0, {in_flight(probe()), probe()}), {1}, 1);
}

BOOST_AUTO_TEST_CASE(whoever_lacks_the_record_is_asked_in_the_next_round) {
    auto const m = server_state::missing;
    check_goes_on(at_moment(1.9, {asked(m, 1)}), {}, 2);
    check_goes_on(at_moment(2, {asked(m, 1)}), {0}, 3);
    check_goes_on(at_moment(22.1, {asked(m, 20), asked(m, 21.9), asked(m, 22)}), {0, 1}, 23);
}

BOOST_AUTO_TEST_CASE(whoever_serves_is_not_asked_while_others_do_not) {
    check_goes_on(at_moment(50, {serving(1, 1), asked(server_state::missing, 50)}), {}, 51);
}

BOOST_AUTO_TEST_CASE(the_time_limit_is_woken_for) {
    check_goes_on(at_moment(119.5, {in_flight(asked(server_state::missing, 118))}), {}, 120);
}

BOOST_AUTO_TEST_CASE(between_all_serving_and_the_confirming_pass_lies_the_settling_time) {
    struct {
        std::string name;
        std::optional<clock::duration> settle;
        double first;
        double last;
        double settled;
    } const cases[] = {
        {"auto: as long as they lay apart", std::nullopt, 1, 3, 5},
        {"auto: at most ten seconds", std::nullopt, 1, 41, 51},
        {"auto: none where they lay together", std::nullopt, 3, 3, 3},
        {"none", clock::duration::zero(), 1, 41, 41},
        {"as said, also above ten seconds", std::chrono::seconds(30), 1, 3, 33},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            patience limits;
            limits.settle = c.settle;
            std::vector const probes{
                serving(c.last, c.last - 0.1), serving(c.first, c.first - 0.1)};
            auto const before = c.settled - 0.001;
            if (before >= c.last) check_goes_on(at_moment(before, probes, limits), {}, c.settled);
            check_goes_on(at_moment(c.settled, probes, limits), {0, 1}, 120);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_confirming_pass_asks_everyone_once_more_and_completes) {
    check_goes_on(at_moment(2.5, {serving(1, 2.1), serving(2, 1.9)}), {}, 3);
    check_goes_on(at_moment(3, {serving(1, 2.1), serving(2, 1.9)}), {0, 1}, 120);
    check_goes_on(at_moment(3.1, {serving(1, 3), in_flight(serving(2, 3))}), {}, 120);
    auto const d = at_moment(3.2, {serving(1, 3), serving(2, 3)});
    BOOST_TEST((d.then == verdict::complete));
    BOOST_TEST(d.ask.empty());
}

BOOST_AUTO_TEST_CASE(a_server_that_loses_the_record_starts_the_confirming_pass_again) {
    std::vector probes{serving(1, 3), in_flight(serving(2, 3))};
    observe(probes[1], server_state::missing, at(3.1));
    check_goes_on(at_moment(3.1, probes), {}, 4);
    check_goes_on(at_moment(4, probes), {1}, 5);
    probes[1].asked_at = at(4);
    observe(probes[1], server_state::serving, at(4.2));
    check_goes_on(at_moment(4.2, probes), {}, 4.2 + 3.2);
    check_goes_on(at_moment(7.4, probes), {0, 1}, 120);
}

BOOST_AUTO_TEST_CASE(a_failing_address_is_forgiven_after_its_grace_and_not_before) {
    std::vector const probes{serving(1, 0.9), failing(0, 4)};
    check_goes_on(at_moment(4.1, probes), {}, 5);
    check_goes_on(at_moment(4.9, {probes[0], in_flight(probes[1])}), {}, 5);
    check_goes_on(at_moment(5, {probes[0], in_flight(probes[1])}), {0}, 120);
    BOOST_TEST((at_moment(5, {serving(1, 4), in_flight(probes[1])}).then == verdict::complete));
}

BOOST_AUTO_TEST_CASE(without_grace_a_failing_address_holds_nothing_up) {
    patience limits;
    limits.grace = clock::duration::zero();
    auto const d = at_moment(2, {serving(1, 1.5), failing(0, 0)}, limits);
    BOOST_TEST((d.then == verdict::complete));
}

BOOST_AUTO_TEST_CASE(an_address_that_lacks_the_record_is_never_forgiven) {
    auto const d = at_moment(100, {serving(1, 100), asked(server_state::missing, 99)});
    BOOST_TEST((d.then == verdict::go_on));
}

BOOST_AUTO_TEST_CASE(of_every_name_at_least_one_address_has_to_serve) {
    std::vector probes{serving(1, 100), failing(0, 99), failing(0, 99)};
    auto const together = at_moment(100, probes);
    BOOST_TEST((together.then == verdict::complete));
    probes[1].name = 1;
    probes[2].name = 1;
    auto const apart = at_moment(100, probes);
    BOOST_TEST((apart.then == verdict::go_on));
    auto const over = at_moment(120, probes);
    BOOST_TEST((over.then == verdict::timed_out));
}

BOOST_AUTO_TEST_CASE(where_all_are_required_nobody_is_forgiven) {
    patience limits;
    limits.require_all = true;
    auto const d = at_moment(100, {serving(1, 99), failing(0, 99)}, limits);
    BOOST_TEST((d.then == verdict::go_on));
    BOOST_TEST((at_moment(120, {serving(1, 99), failing(0, 99)}, limits).then == verdict::timed_out)
    );
}

BOOST_AUTO_TEST_CASE(nobody_is_asked_before_the_first_question) {
    patience limits;
    limits.first_question = std::chrono::seconds(10);
    check_goes_on(at_moment(9, {probe()}, limits), {}, 10);
    check_goes_on(at_moment(10, {probe()}, limits), {0}, 11);
}

// Ten names at one address.
std::vector<probe> at_one_address(probe const& each) { return std::vector<probe>(10, each); }

BOOST_AUTO_TEST_CASE(an_address_that_has_not_answered_yet_gets_few_questions_at_a_time) {
    auto probes = at_one_address(probe());
    BOOST_TEST(decide_at(0, probes).ask == (indices{0, 1}), per_element());
    probes[0] = in_flight(probes[0]);
    BOOST_TEST(decide_at(0, probes).ask == (indices{1}), per_element());
    probes[1] = in_flight(probes[1]);
    BOOST_TEST(decide_at(0, probes).ask.empty());
    probes[0].asked_at = at(0);
    observe(probes[0], server_state::missing, at(0.01));
    BOOST_TEST(decide_at(0.01, probes).ask.size() == 8U);
}

BOOST_AUTO_TEST_CASE(a_round_asks_for_a_few_names_in_turn) {
    auto const m = server_state::missing;
    std::vector<probe> probes(20, asked(m, 1));
    for (std::size_t i = 15; i < 20; ++i)
        probes[i] = asked(m, 0.5);
    auto const turn = indices{15, 16, 17, 18, 19, 0, 1, 2};
    BOOST_TEST(decide_at(2, probes).ask == turn, per_element());
    for (auto const i : turn)
        probes[i] = asked(m, 2);
    BOOST_TEST(decide_at(2.5, probes).ask.empty());
    BOOST_TEST(decide_at(3, probes).ask == (indices{3, 4, 5, 6, 7, 8, 9, 10}), per_element());
}

BOOST_AUTO_TEST_CASE(what_is_on_its_way_from_earlier_rounds_counts) {
    std::vector<probe> probes(20, asked(server_state::missing, 1));
    for (std::size_t i = 0; i < 6; ++i)
        probes[i] = in_flight(asked(server_state::missing, 2));
    BOOST_TEST(decide_at(3, probes).ask == (indices{6, 7}), per_element());
}

BOOST_AUTO_TEST_CASE(where_one_name_is_served_all_others_are_asked_for_at_once) {
    std::vector<probe> probes(20, asked(server_state::missing, 1));
    probes[3] = in_flight(asked(server_state::missing, 2));
    BOOST_TEST(decide_at(2.5, probes).ask.size() == 7U);
    for (std::size_t i = 0; i < 8; ++i)
        probes[i] = asked(server_state::missing, 2);
    observe(probes[3], server_state::serving, at(2.1));
    BOOST_TEST(decide_at(2.1, probes).ask.size() == 12U);
    for (auto& p : probes)
        p = asked(server_state::missing, 2.1);
    probes[3] = serving(2.1, 2);
    // And no more until something else is served.
    BOOST_TEST(decide_at(2.2, probes).ask.empty());
    probes[4] = serving(2.2, 2.1);
    BOOST_TEST(decide_at(2.2, probes).ask.empty());
}

BOOST_AUTO_TEST_CASE(one_address_that_serves_says_nothing_of_another) {
    auto const m = server_state::missing;
    check_goes_on(at_moment(2.5, {serving(2.4, 2.3), asked(m, 2.1)}), {}, 3);
}

BOOST_AUTO_TEST_CASE(an_address_that_goes_down_fails_for_names_not_asked_since) {
    std::vector<probe> probes{asked(server_state::missing, 10), failing(11, 11)};
    for (std::size_t i = 0; i < 2; ++i) {
        probes[i].name = i;
        auto elsewhere = serving(1, 16);
        elsewhere.name = i;
        elsewhere.address = 1;
        probes.push_back(elsewhere);
    }
    BOOST_TEST((decide_at(15.9, probes).then == verdict::go_on));
    BOOST_TEST((decide_at(16, probes).then == verdict::complete));
    // It has answered since, if only for the other name.
    probes[0] = in_flight(asked(server_state::missing, 12));
    BOOST_TEST((decide_at(16, probes).then == verdict::go_on));
}

BOOST_AUTO_TEST_CASE(a_dead_address_is_forgiven_for_all_names_at_once) {
    auto probes = at_one_address(probe());
    probes[0] = failing(0, 2);
    for (std::size_t i = 0; i < 10; ++i) {
        probes[i].name = i;
        auto elsewhere = serving(1, 4.99);
        elsewhere.name = i;
        elsewhere.address = 1;
        probes.push_back(elsewhere);
    }
    BOOST_TEST((decide_at(4.99, probes).then == verdict::go_on));
    BOOST_TEST((decide_at(5, probes).then == verdict::complete));
}

BOOST_AUTO_TEST_CASE(after_the_time_limit_nobody_is_asked_any_more) {
    auto const d = at_moment(120, {asked(server_state::missing, 100), serving(1, 1)});
    BOOST_TEST((d.then == verdict::timed_out));
    BOOST_TEST(d.ask.empty());
    auto const unconfirmed = at_moment(120, {serving(119, 118.9), serving(119, 118.9)});
    BOOST_TEST((unconfirmed.then == verdict::timed_out));
    BOOST_TEST(unconfirmed.ask.empty());
}

BOOST_AUTO_TEST_CASE(what_is_confirmed_at_the_last_moment_is_complete) {
    auto const d = at_moment(120, {serving(119, 119.5)});
    BOOST_TEST((d.then == verdict::complete));
}

BOOST_AUTO_TEST_CASE(where_nothing_is_wanted_it_is_complete_at_once) {
    auto const d = at_moment(0, {});
    BOOST_TEST((d.then == verdict::complete));
    BOOST_TEST(d.ask.empty());
}

BOOST_AUTO_TEST_SUITE_END()
