#include "journal/database.hpp"
#include "support/every_name.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(limits_rate)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;

namespace {

constexpr std::size_t names = 150;

// For the API and for us, as if the requests so far had been made so many seconds earlier: the
// minute in which there may be 250 of them is over so much sooner.
void age_requests(local_digitalocean& s, int by) {
    s.age_requests(acme_dns01::seconds(by));
    auto counted = acme_dns01::journal::database::open(
        s.state_dir() + "/requests.sqlite", acme_dns01::journal::database::purpose::counting
    );
    auto const milliseconds = std::to_string(by) + "000";
    BOOST_TEST_REQUIRE(!!counted.value().execute("UPDATE request SET at = at - " + milliseconds));
}

} // namespace

// In real time it takes two minutes for 300 names: tests/bench does it.
BOOST_AUTO_TEST_CASE(names_are_paced_by_the_published_limits) {
    local_digitalocean s(quick());
    auto const start = acme_dns01::clock::now();
    auto const made = run_for_every_name(s, names, {"present", "--no-wait"});
    BOOST_TEST(made.status == 0);
    BOOST_TEST(made.err == "");
    BOOST_TEST(txt_values(s, "example.com").size() == names);
    BOOST_TEST_REQUIRE(s.calls().size() < 250U);
    BOOST_TEST_REQUIRE(s.calls().size() + names > 250U);
    // The first of them is over in eight seconds.
    age_requests(s, std::max(0, 53 - static_cast<int>(seconds_since(start))));
    auto const aged = acme_dns01::clock::now();
    auto const cleaned = run_for_every_name(s, names, {"cleanup"});
    BOOST_TEST(seconds_since(aged) > 7.0);
    BOOST_TEST(cleaned.status == 0);
    BOOST_TEST(cleaned.err == "");
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(calls_with(s, 201) == names);
    BOOST_TEST(calls_with(s, 204) == names);
    BOOST_TEST(calls_with(s, 429) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
