#include "support/pace_probes.hpp"

using namespace acme_dns01;
using namespace acme_dns01::test;
using boost::test_tools::per_element;

namespace {

// Ten names at one address.
std::vector<probe> at_one_address(probe const& each) { return std::vector<probe>(10, each); }

} // namespace

BOOST_AUTO_TEST_SUITE(challenge_wait_schedule_of_many)

BOOST_AUTO_TEST_CASE(an_address_that_has_not_answered_gets_few_questions_at_once) {
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

BOOST_AUTO_TEST_CASE(questions_in_flight_from_earlier_rounds_count) {
    std::vector<probe> probes(20, asked(server_state::missing, 1));
    for (std::size_t i = 0; i < 6; ++i)
        probes[i] = in_flight(asked(server_state::missing, 2));
    BOOST_TEST(decide_at(3, probes).ask == (indices{6, 7}), per_element());
}

BOOST_AUTO_TEST_CASE(for_each_name_that_is_served_a_round_asks_for_four_more) {
    std::vector<probe> probes(50, asked(server_state::missing, 1));
    for (std::size_t i = 0; i < 8; ++i)
        probes[i] = in_flight(asked(server_state::missing, 2));
    observe(probes[3], server_state::serving, at(2.1));
    BOOST_TEST(decide_at(2.1, probes).ask == (indices{8, 9, 10, 11}), per_element());
    for (std::size_t i = 8; i < 12; ++i)
        probes[i] = in_flight(asked(server_state::missing, 2.1));
    BOOST_TEST(decide_at(2.2, probes).ask.empty());
    for (std::size_t i = 0; i < 3; ++i)
        observe(probes[i], server_state::serving, at(2.3));
    BOOST_TEST(decide_at(2.3, probes).ask.size() == 12U);
    // In the next round that is over, but for what is on its way.
    BOOST_TEST(decide_at(3, probes).ask.empty());
    for (auto& p : probes)
        p.in_flight = false;
    BOOST_TEST(decide_at(3, probes).ask.size() == 8U);
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
