#include "support/every_name.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(bench_rate)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;

// 250 requests a minute: the 600 and some of 300 names take two minutes and a moment.
BOOST_AUTO_TEST_CASE(three_hundred_names_are_paced_by_the_published_limits) {
    constexpr std::size_t names = 300;
    local_digitalocean const s(quick());
    auto const start = acme_dns01::clock::now();
    auto const made = run_for_every_name(s, names, {"present", "--no-wait"});
    BOOST_TEST(made.status == 0);
    BOOST_TEST(made.err == "");
    BOOST_TEST(txt_values(s, "example.com").size() == names);
    auto const cleaned = run_for_every_name(s, names, {"cleanup"});
    auto const took = seconds_since(start);
    BOOST_TEST(cleaned.status == 0);
    BOOST_TEST(cleaned.err == "");
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(calls_with(s, 201) == names);
    BOOST_TEST(calls_with(s, 204) == names);
    BOOST_TEST(calls_with(s, 429) == 0U);
    BOOST_TEST(took > 120.0);
    BOOST_TEST(took < 135.0);
    BOOST_TEST_MESSAGE("300 names took " << took << " s");
}

BOOST_AUTO_TEST_SUITE_END()
