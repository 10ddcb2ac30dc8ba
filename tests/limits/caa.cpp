#include "support/memory_use.hpp"
#include "support/scripted_name_server.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(limits_caa)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

constexpr std::size_t domains = 1000;
constexpr long memory_max = 64L * 1024; // KiB

} // namespace

BOOST_AUTO_TEST_CASE(a_thousand_domains_need_little_memory) {
    scripted_name_server const server([](received_query const& q) -> std::vector<reply> {
        return {{encoded(answer_to(q))}};
    });
    std::vector<std::string> call{
        "caa", "check", "--quiet", "--issuer", "letsencrypt.org", "--json", "--resolver"};
    call.push_back(dns::to_string(server.endpoint()));
    for (std::size_t i = 0; i < domains; ++i)
        call.push_back("www.customer-" + std::to_string(i) + ".example.test");
    auto const done = run_measuring_memory({}, call);
    BOOST_TEST(done.status == 0);
    BOOST_TEST(done.err == "");
    BOOST_TEST(boost::json::parse(done.out).at("results").as_array().size() == domains);
    BOOST_TEST(done.memory < memory_max);
    BOOST_TEST_MESSAGE("1,000 domains: " << done.memory << " KiB");
}

BOOST_AUTO_TEST_SUITE_END()
