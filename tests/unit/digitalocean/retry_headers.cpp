#include "digitalocean/retry.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(digitalocean_retry_headers)

using namespace acme_dns01::digitalocean;
using std::chrono::seconds;

namespace {

constexpr wall_clock::time_point now{seconds(1'800'000'000)};

using headers = std::map<std::string, std::string>;

std::string remaining(std::string const& text) {
    auto const rate = rate_in({{"ratelimit-remaining", text}}, now);
    return rate.remaining ? std::to_string(*rate.remaining) : "none";
}

// Seconds from now.
std::string reset(std::string const& text) {
    auto const rate = rate_in({{"ratelimit-reset", text}}, now);
    if (!rate.reset) return "none";
    return std::to_string(std::chrono::duration_cast<seconds>(*rate.reset - now).count());
}

std::string retry_after(std::string const& text) {
    auto const rate = rate_in({{"retry-after", text}}, now);
    return rate.retry_after ? std::to_string(rate.retry_after->count()) : "none";
}

} // namespace

BOOST_AUTO_TEST_CASE(the_headers_are_read) {
    headers const given{
        {"ratelimit-limit", "5000"},
        {"ratelimit-remaining", "4816"},
        {"ratelimit-reset", "1800000360"},
        {"retry-after", "34"},
    };
    auto const rate = rate_in(given, now);
    BOOST_TEST((rate.remaining == 4816));
    BOOST_TEST((rate.reset == now + seconds(360)));
    BOOST_TEST((rate.retry_after == seconds(34)));
}

BOOST_AUTO_TEST_CASE(a_header_that_is_missing_is_empty) {
    auto const rate = rate_in({}, now);
    BOOST_TEST(!rate.remaining);
    BOOST_TEST(!rate.reset);
    BOOST_TEST(!rate.retry_after);
}

BOOST_AUTO_TEST_CASE(what_is_not_a_number_is_ignored) {
    for (auto const* text :
         {"", "-1", "many", "1e3", "12 ", " 12", "0x10", "99999999999999999999"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(remaining(text) == "none");
            BOOST_TEST(reset(text) == "none");
            BOOST_TEST(retry_after(text) == "none");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_reset_in_the_past_or_far_ahead_is_ignored) {
    BOOST_TEST(reset("1799999999") == "none");
    BOOST_TEST(reset("1800000000") == "none");
    BOOST_TEST(reset("1800000001") == "1");
    BOOST_TEST(reset("1800003601") == "3601");
    BOOST_TEST(reset("1800003602") == "none");
    BOOST_TEST(reset("9223372036854775807") == "none");
}

BOOST_AUTO_TEST_CASE(a_retry_beyond_the_longest_window_is_ignored) {
    BOOST_TEST(retry_after("0") == "0");
    BOOST_TEST(retry_after("3601") == "3601");
    BOOST_TEST(retry_after("3602") == "none");
}

BOOST_AUTO_TEST_SUITE_END()
