#include "net/https_client.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <optional>
#include <string>

using namespace acme_dns01;

namespace {

// Puts the variable back as it was.
struct resolver_options {
    resolver_options() {
        if (auto const* text = std::getenv("RES_OPTIONS")) before = text;
        ::unsetenv("RES_OPTIONS");
    }
    resolver_options(resolver_options const&) = delete;
    resolver_options& operator=(resolver_options const&) = delete;
    ~resolver_options() {
        ::unsetenv("RES_OPTIONS");
        if (before) ::setenv("RES_OPTIONS", before->c_str(), 1);
    }
    std::optional<std::string> before;
};

std::string options_for(double limit) {
    resolver_options const fresh;
    net::limit_name_resolution(seconds(limit));
    return std::getenv("RES_OPTIONS");
}

} // namespace

BOOST_AUTO_TEST_SUITE(net_https_client)

BOOST_AUTO_TEST_CASE(name_resolution_is_limited_by_the_time_there_is) {
    BOOST_TEST(options_for(0) == "timeout:1 attempts:1");
    BOOST_TEST(options_for(1.9) == "timeout:1 attempts:1");
    BOOST_TEST(options_for(2) == "timeout:1 attempts:2");
    BOOST_TEST(options_for(5) == "timeout:2 attempts:2");
    BOOST_TEST(options_for(300) == "timeout:3 attempts:2");
    BOOST_TEST(options_for(1e6) == "timeout:3 attempts:2");
}

BOOST_AUTO_TEST_CASE(options_of_the_users_own_are_left_alone) {
    resolver_options const fresh;
    ::setenv("RES_OPTIONS", "timeout:9", 1);
    net::limit_name_resolution(seconds(300));
    BOOST_TEST(std::getenv("RES_OPTIONS") == "timeout:9");
}

BOOST_AUTO_TEST_SUITE_END()
