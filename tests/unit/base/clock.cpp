#include "base/clock.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(base_clock)

using namespace acme_dns01;
using std::chrono::hours;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_CASE(seconds_become_clock_ticks) {
    BOOST_TEST((to_duration(seconds(0.25)) == milliseconds(250)));
    BOOST_TEST((to_duration(seconds(300)) == std::chrono::minutes(5)));
}

BOOST_AUTO_TEST_CASE(a_future_deadline_has_time_left) {
    auto const before = clock::now();
    auto const d = deadline::in(seconds(3600));
    BOOST_TEST(!d.over());
    BOOST_TEST((d.left() > milliseconds(3'500'000)));
    BOOST_TEST((d.left() <= hours(1)));
    BOOST_TEST((d.end() >= before + hours(1)));
}

BOOST_AUTO_TEST_CASE(a_past_deadline_has_no_time_left) {
    deadline const d(clock::now() - hours(1));
    BOOST_TEST(d.over());
    BOOST_TEST((d.left() == clock::duration::zero()));
}

BOOST_AUTO_TEST_CASE(a_deadline_of_zero_seconds_is_over_at_once) {
    BOOST_TEST(deadline::in(seconds(0)).over());
}

BOOST_AUTO_TEST_CASE(a_step_can_shorten_a_deadline_and_never_extend_it) {
    auto const d = deadline::in(seconds(3600));
    BOOST_TEST((d.at_most(hours(2)).end() == d.end()));
    auto const less = d.at_most(milliseconds(60'000));
    BOOST_TEST((less.end() < d.end()));
    BOOST_TEST((less.left() <= milliseconds(60'000)));
    BOOST_TEST((less.left() > milliseconds(50'000)));
}

BOOST_AUTO_TEST_SUITE_END()
