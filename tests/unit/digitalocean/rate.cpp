#include "digitalocean/rate.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01::digitalocean;
using std::chrono::seconds;

namespace {

constexpr wall_clock::time_point now{seconds(1'800'000'000)};

using headers = std::map<std::string, std::string>;

std::string remaining(std::string const& text) {
    auto const told = told_by({{"ratelimit-remaining", text}}, now);
    return told.remaining ? std::to_string(*told.remaining) : "untold";
}

// Seconds from now.
std::string reset(std::string const& text) {
    auto const told = told_by({{"ratelimit-reset", text}}, now);
    if (!told.reset) return "untold";
    return std::to_string(std::chrono::duration_cast<seconds>(*told.reset - now).count());
}

std::string retry_after(std::string const& text) {
    auto const told = told_by({{"retry-after", text}}, now);
    return told.retry_after ? std::to_string(told.retry_after->count()) : "untold";
}

} // namespace

BOOST_AUTO_TEST_SUITE(digitalocean_rate)

BOOST_AUTO_TEST_CASE(the_headers_are_read) {
    headers const given{
        {"ratelimit-limit", "5000"},
        {"ratelimit-remaining", "4816"},
        {"ratelimit-reset", "1800000360"},
        {"retry-after", "34"},
    };
    auto const told = told_by(given, now);
    BOOST_TEST((told.remaining == 4816));
    BOOST_TEST((told.reset == now + seconds(360)));
    BOOST_TEST((told.retry_after == seconds(34)));
}

BOOST_AUTO_TEST_CASE(what_is_not_told_is_not_there) {
    auto const told = told_by({}, now);
    BOOST_TEST(!told.remaining);
    BOOST_TEST(!told.reset);
    BOOST_TEST(!told.retry_after);
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_as_if_untold) {
    for (auto const* text :
         {"", "-1", "many", "1e3", "12 ", " 12", "0x10", "99999999999999999999"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(remaining(text) == "untold");
            BOOST_TEST(reset(text) == "untold");
            BOOST_TEST(retry_after(text) == "untold");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_reset_in_the_past_or_far_ahead_is_ignored) {
    BOOST_TEST(reset("1799999999") == "untold");
    BOOST_TEST(reset("1800000000") == "untold");
    BOOST_TEST(reset("1800000001") == "1");
    BOOST_TEST(reset("1800003601") == "3601");
    BOOST_TEST(reset("1800003602") == "untold");
    BOOST_TEST(reset("9223372036854775807") == "untold");
}

BOOST_AUTO_TEST_CASE(a_retry_beyond_the_longest_window_is_ignored) {
    BOOST_TEST(retry_after("0") == "0");
    BOOST_TEST(retry_after("3601") == "3601");
    BOOST_TEST(retry_after("3602") == "untold");
}

BOOST_AUTO_TEST_SUITE_END()
