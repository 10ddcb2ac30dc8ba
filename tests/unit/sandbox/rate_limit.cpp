#include "sandbox/rate_limit.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sandbox_rate_limit)

using namespace acme_dns01;
using namespace acme_dns01::sandbox;
using namespace std::chrono_literals;

namespace {

moment at(std::chrono::seconds s) { return {clock::time_point(1000h + s), 1'000'000s + s}; }

} // namespace

BOOST_AUTO_TEST_CASE(the_published_limits_are_5000_an_hour_and_250_a_minute) {
    rate_limit rates({});
    for (int i = 0; i < 250; ++i)
        BOOST_TEST_REQUIRE(rates.take(at(0s)).allowed);
    auto const refused = rates.take(at(1s));
    BOOST_TEST(!refused.allowed);
    BOOST_TEST(refused.limit == 5000U);
    BOOST_TEST(refused.remaining == 0U);
    BOOST_TEST(refused.retry_after.count() == 59);
    for (int minute = 1; minute < 20; ++minute) {
        for (int i = 0; i < 250; ++i)
            BOOST_TEST_REQUIRE(rates.take(at(60s * minute)).allowed);
    }
    auto const hourly = rates.take(at(60s * 20));
    BOOST_TEST(!hourly.allowed);
    BOOST_TEST(hourly.remaining == 0U);
    BOOST_TEST(hourly.retry_after.count() == 0);
    BOOST_TEST(hourly.reset.count() == 1'000'000 + 3600);
    BOOST_TEST(rates.take(at(3600s)).allowed);
}

BOOST_AUTO_TEST_CASE(every_request_expires_by_itself) {
    rate_limit rates({2, 0});
    BOOST_TEST(rates.take(at(0s)).remaining == 1U);
    BOOST_TEST(rates.take(at(10s)).remaining == 0U);
    BOOST_TEST(!rates.take(at(20s)).allowed);
    BOOST_TEST(rates.take(at(3600s)).allowed);
    BOOST_TEST(!rates.take(at(3600s)).allowed);
    BOOST_TEST(rates.peek(at(3600s)).reset.count() == 1'000'000 + 10 + 3600);
    BOOST_TEST(rates.take(at(3610s)).allowed);
}

BOOST_AUTO_TEST_CASE(a_refused_request_does_not_count) {
    rate_limit rates({0, 1});
    BOOST_TEST(rates.take(at(0s)).allowed);
    for (int s = 1; s < 60; ++s)
        BOOST_TEST(!rates.take(at(std::chrono::seconds(s))).allowed);
    BOOST_TEST(rates.take(at(60s)).allowed);
}

BOOST_AUTO_TEST_CASE(requests_that_were_aged_expire_earlier) {
    rate_limit rates({2, 1});
    BOOST_TEST(rates.take(at(0s)).allowed);
    rates.age(57s);
    BOOST_TEST(rates.take(at(2s)).retry_after.count() == 1);
    BOOST_TEST(rates.take(at(3s)).allowed);
    BOOST_TEST(!rates.take(at(3542s)).allowed);
    BOOST_TEST(rates.take(at(3543s)).allowed);
}

BOOST_AUTO_TEST_CASE(a_look_costs_nothing) {
    rate_limit rates({2, 2});
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(rates.peek(at(0s)).remaining == 2U);
    BOOST_TEST(rates.peek(at(5s)).reset.count() == 1'000'005);
}

BOOST_AUTO_TEST_CASE(without_limits_everything_passes) {
    rate_limit rates({0, 0});
    for (int i = 0; i < 6000; ++i)
        BOOST_TEST_REQUIRE(rates.take(at(0s)).allowed);
    BOOST_TEST(rates.peek(at(0s)).remaining == 5000U);
}

BOOST_AUTO_TEST_SUITE_END()
