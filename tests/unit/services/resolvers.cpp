#include "services/resolvers.hpp"

#include "dns/delegation.hpp"
#include "support/challenge_services.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(services_resolvers)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

// In the loop, as commands do: what still runs is cancelled there.
boost::asio::awaitable<void> forget(services::resolvers& all) {
    all.forget_validated();
    co_return;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_configured_resolvers_come_before_the_systems) {
    auto const configured = dns::parse_endpoint("192.0.2.1", 53).value();
    boost::asio::io_context io(1);
    services::resolvers given(io.get_executor(), {{configured}, "", 5353, false});
    BOOST_REQUIRE(given.addresses().size() == 1U);
    BOOST_TEST((given.addresses().front() == configured));
    BOOST_TEST(given.dns_port() == 5353);
    BOOST_TEST(!given.asks_authoritative());
    services::resolvers const of_system(io.get_executor(), {});
    BOOST_TEST(!of_system.addresses().empty());
    BOOST_TEST(of_system.dns_port() == 53);
    BOOST_TEST(of_system.asks_authoritative());
}

// The zone is named in the authority section.
BOOST_AUTO_TEST_CASE(the_validating_resolver_tells_which_zone_a_missing_name_is_in) {
    challenge_services all;
    auto const library = all.run(all.dns.validating());
    BOOST_REQUIRE(library);
    BOOST_TEST(!all.dns.recurses());
    dns::question const asked{name_of("nowhere.example.com"), dns::record_type::soa};
    auto const answer = all.run((*library)->whole_answer(asked, std::chrono::seconds(5)));
    BOOST_REQUIRE(answer);
    BOOST_TEST((dns::zone_named_in(*answer, asked.asked) == name_of("example.com")));
}

BOOST_AUTO_TEST_CASE(answers_are_remembered_for_the_whole_run) {
    challenge_services all;
    auto const zone = name_of("example.com");
    BOOST_TEST(&all.dns.caching() == &all.dns.caching());
    auto const look_up = [&] {
        return dns::authoritative_servers(all.dns.caching(), zone, all.dns.dns_port());
    };
    BOOST_REQUIRE(all.run(look_up()));
    all.s.clear_queries();
    auto const again = all.run(look_up());
    BOOST_REQUIRE(again);
    BOOST_TEST(again->servers.size() == 3U);
    BOOST_TEST(all.s.query_count_of("127.0.0.1", {zone, dns::record_type::ns}) == 0U);
}

BOOST_AUTO_TEST_CASE(the_validating_resolver_remembers_until_it_is_forgotten) {
    challenge_services all;
    dns::question const asked{name_of("www.example.com"), dns::record_type::caa};
    auto const questions_for_a_look_up = [&] {
        all.s.clear_queries();
        auto const* const resolver = all.run(all.dns.validating()).value();
        all.run(resolver->look_up(asked, std::chrono::seconds(5)));
        return all.s.query_count_of("127.0.0.1", asked);
    };
    BOOST_TEST(questions_for_a_look_up() > 0U);
    BOOST_TEST(questions_for_a_look_up() == 0U);
    all.run(forget(all.dns));
    BOOST_TEST(questions_for_a_look_up() > 0U);
    BOOST_TEST(all.dns.validation_note() == "");
}

BOOST_AUTO_TEST_CASE(a_bad_trust_anchor_is_an_error) {
    auto const configured = dns::parse_endpoint("127.0.0.1", 53).value();
    boost::asio::io_context io(1);
    services::resolvers all(io.get_executor(), {{configured}, "/dev/null/anchor", 53, true});
    challenge_services loop;
    auto const found = loop.run(all.validating());
    BOOST_REQUIRE(!found);
    BOOST_TEST(to_string(found.error().kind) == "configuration");
    BOOST_TEST(found.error().message.find("/dev/null/anchor") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
