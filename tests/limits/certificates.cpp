#include "support/client_files.hpp"
#include "support/memory_use.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

BOOST_AUTO_TEST_SUITE(limits_certificates)

using namespace acme_dns01::test;

// On an idle machine it takes a third of a second.
BOOST_AUTO_TEST_CASE(a_thousand_certificates_need_little_memory) {
    constexpr std::size_t count = 1000;
    constexpr long memory_max = 64L * 1024; // KiB
    acme_dns01::sandbox::local_digitalocean const s(quick());
    client_files const files;
    using namespace std::chrono;
    auto const begin = floor<seconds>(system_clock::now()) - hours(1);
    for (std::size_t i = 0; i < count; ++i) {
        auto const name = "host-" + std::to_string(i) + ".example.com";
        files.certbot(name, files.ca.issue({name}, begin, begin + days(90)));
    }
    auto const done =
        run_measuring_memory(s.environment(), {"cert", "status", "--json", files.of("certbot")});
    BOOST_TEST(done.status == 0);
    BOOST_TEST(done.memory < memory_max);
    auto const report = boost::json::parse(done.out);
    BOOST_TEST(report.at("certificates").as_array().size() == count);
    BOOST_TEST(report.at("ok").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()
