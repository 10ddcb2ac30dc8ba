#include "support/pace_probes.hpp"

BOOST_AUTO_TEST_SUITE(challenge_wait_schedule_of_many)

using namespace acme_dns01;
using namespace acme_dns01::test;
using boost::test_tools::per_element;

namespace {

// Ten names at one address.
std::vector<probe> at_one_address(probe const& each) { return std::vector<probe>(10, each); }

} // namespace

BOOST_AUTO_TEST_CASE(an_address_that_has_not_answered_gets_few_questions_at_once) {
    auto probes = at_one_address(probe());
    BOOST_TEST(decide_at(0, probes).ask == (indices{0, 1}), per_element());
    probes[0] = in_flight(probes[0]);
    BOOST_TEST(decide_at(0, probes).ask == (indices{1}), per_element());
    probes[1] = in_flight(probes[1]);
    BOOST_TEST(decide_at(0, probes).ask.empty());
    probes[0].asked_at = at(0);
    observe(probes[0], server_state::missing, at(0.01));
    BOOST_TEST(decide_at(0.01, probes).ask == (indices{2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(a_round_asks_for_the_next_name_and_for_the_one_longest_unasked) {
    auto const m = server_state::missing;
    std::vector<probe> probes(20, asked(m, 1));
    probes[7] = probe();
    probes[15] = asked(m, 0.5);
    BOOST_TEST(decide_at(2, probes).ask == (indices{0, 7}), per_element());
    for (auto const i : indices{0, 7})
        probes[i] = asked(m, 2);
    BOOST_TEST(decide_at(2.5, probes).ask.empty());
    BOOST_TEST(decide_at(3, probes).ask == (indices{0, 15}), per_element());
    probes[0] = serving(3, 3);
    probes[15] = asked(m, 3);
    BOOST_TEST(decide_at(4, probes).ask == (indices{1, 2}), per_element());
}

BOOST_AUTO_TEST_CASE(every_address_has_its_own_turns) {
    auto const m = server_state::missing;
    std::vector<probe> probes(8, asked(m, 1));
    for (std::size_t i = 0; i < probes.size(); ++i)
        probes[i].address = i % 2;
    probes[7].asked_at = at(0.5);
    probes[6].asked_at = at(0.6);
    BOOST_TEST(decide_at(2, probes).ask == (indices{0, 1, 7, 6}), per_element());
}

// However slow its answers are; the limit below bounds their number.
BOOST_AUTO_TEST_CASE(questions_in_flight_from_earlier_rounds_take_no_place) {
    std::vector<probe> probes(20, asked(server_state::missing, 1));
    probes[0] = in_flight(asked(server_state::missing, 2));
    BOOST_TEST(decide_at(3, probes).ask == (indices{1, 2}), per_element());
}

BOOST_AUTO_TEST_CASE(names_that_are_served_let_a_round_ask_for_more) {
    auto const m = server_state::missing;
    struct {
        std::size_t served; // of those that this round has asked for, with another one missing
        std::size_t more;
    } const cases[] = {{0, 1}, {1, 2}, {2, 3}, {6, 7}, {20, 7}};
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.served) {
            std::vector<probe> probes(60, asked(m, 1));
            probes[0] = asked(m, 2);
            for (std::size_t i = 1; i <= c.served; ++i)
                probes[i] = serving(2, 2);
            BOOST_TEST(decide_at(2.3, probes).ask.size() == c.more);
            // In the next round that is over.
            BOOST_TEST(decide_at(3, probes).ask.size() == 2U);
        }
    }
}

BOOST_AUTO_TEST_CASE(after_the_time_limit_each_name_gets_its_first_answer) {
    patience limits;
    limits.timeout = std::chrono::seconds(2);
    std::vector<probe> probes(20, probe());
    probes[3] = asked(server_state::missing, 1);
    BOOST_TEST(decide_at(1.5, probes, limits).ask.size() == 1U);
    BOOST_TEST(decide_at(2, probes, limits).ask.size() == 19U);
}

// Earlier questions to the address, when they left, and how many more there may be.
BOOST_AUTO_TEST_CASE(no_address_gets_more_than_a_hundred_questions_in_a_second) {
    struct {
        std::string what;
        std::vector<double> sent;
        std::size_t in_flight; // of them
        std::size_t asked;
        double wake;
    } const cases[] = {
        {"none yet", {}, 0, 100, 3},
        {"half of them", std::vector<double>(50, 2), 0, 50, 3},
        {"all of them", std::vector<double>(100, 2), 0, 0, 3},
        {"a second and a bit ago", std::vector<double>(100, 1.4), 0, 0, 2.45},
        {"longer ago", std::vector<double>(100, 1.3), 0, 100, 3},
        {"some will be sent again", std::vector<double>(50, 2), 20, 30, 3},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            rounds r(start);
            r.current = at(2);
            r.next = at(3);
            std::vector<probe> probes(300, asked(server_state::missing, 1));
            // As many served ones as let a round ask for all.
            for (std::size_t i = 0; i < 100; ++i)
                probes[i] = serving(2, 1.9);
            for (std::size_t i = 0; i < c.in_flight; ++i)
                probes[100 + i].in_flight = true;
            for (auto const t : c.sent)
                r.note_question(0, at(t));
            auto const d = decide(probes, {}, r, at(2.4));
            // One that is asked is in flight: it counts twice.
            BOOST_TEST(d.ask.size() == (c.asked + 1) / 2);
            BOOST_TEST(since_start(d.wake) == c.wake, boost::test_tools::tolerance(1e-9));
        }
    }
}

// They are due, and the limit alone keeps them waiting.
BOOST_AUTO_TEST_CASE(names_beyond_the_limit_are_held_back) {
    std::vector<probe> probes(3, asked(server_state::missing, 1));
    probes[2].address = 1;
    rounds r(start);
    r.current = at(2);
    r.next = at(3);
    BOOST_TEST(decide(probes, {}, r, at(2)).held_back.empty());
    for (int i = 0; i < 100; ++i)
        r.note_question(0, at(1.9));
    BOOST_TEST(decide(probes, {}, r, at(2)).held_back == (indices{0, 1}), per_element());
    probes[0].asked_at = at(2);
    BOOST_TEST(decide(probes, {}, r, at(2)).held_back == (indices{1}), per_element());
}

BOOST_AUTO_TEST_CASE(a_name_that_was_held_back_counts_as_served_since_then) {
    patience limits;
    limits.settle = std::chrono::seconds(2);
    struct {
        std::string what;
        double held_back;
        double served;
        double settled;
    } const cases[] = {
        {"by the limit's second", 3, 3.8, 5},
        {"no longer than that", 3, 6, 6.95},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            std::vector<probe> probes{serving(2, 2.9), asked(server_state::missing, 2)};
            probes[1].name = 1;
            hold_back(probes[1], at(c.held_back));
            hold_back(probes[1], at(c.served - 0.1));
            observe(probes[1], server_state::serving, at(c.served));
            auto const before = decide_at(c.served, probes, limits);
            BOOST_TEST(since_start(before.wake) == c.settled, boost::test_tools::tolerance(1e-9));
            BOOST_TEST(before.ask.empty());
            BOOST_TEST(decide_at(c.settled, probes, limits).ask.size() == 2U);
            observe(probes[1], server_state::missing, at(c.served));
            BOOST_TEST(!probes[1].held_back_since);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_confirming_pass_keeps_to_the_limit) {
    rounds r(start);
    for (int i = 0; i < 100; ++i)
        r.note_question(0, at(2));
    std::vector<probe> const probes(5, serving(2, 1.9));
    patience limits;
    limits.settle = clock::duration::zero();
    auto const before = decide(probes, limits, r, at(2.1));
    BOOST_TEST((before.then == verdict::go_on));
    BOOST_TEST(before.ask.empty());
    BOOST_TEST(since_start(before.wake) == 3.05, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(the_confirming_pass_asks_for_the_names_that_came_last) {
    patience limits;
    limits.settle = clock::duration::zero();
    std::vector<probe> probes;
    for (std::size_t i = 0; i < 50; ++i) {
        probes.push_back(serving(i < 30 ? 2 : 1, 0.5));
        probes.back().name = i;
    }
    auto const asked = decide_at(2.5, probes, limits).ask;
    BOOST_TEST(asked.size() == confirmed_max);
    for (auto const i : asked) {
        BOOST_TEST(i < 30U);
        probes[i].asked_at = at(2.5);
    }
    BOOST_TEST((decide_at(2.6, probes, limits).then == verdict::complete));
    probes[asked.back()].in_flight = true;
    BOOST_TEST((decide_at(2.6, probes, limits).then == verdict::go_on));
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

BOOST_AUTO_TEST_CASE(a_dead_address_is_left_out_for_all_names_at_once) {
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

BOOST_AUTO_TEST_SUITE_END()
