#include "preflight/check.hpp"
#include "support/challenge_services.hpp"
#include "support/scripted_zones.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(preflight_check)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

preflight::findings check(challenge_services& all, texts const& domains) {
    auto const subjects = preflight::subjects_of(domains).value();
    preflight::services_to_ask const services{
        all.accounts, all.dns, all.state, all.allowed, all.notes_and_warnings};
    preflight::issuance const anybody;
    return all.run(preflight::check(services, subjects, anybody));
}

// "zone_not_found: www.example.com: <message>: <fix>" for each error.
texts told(preflight::findings const& found) {
    texts all;
    for (auto const& f : found) {
        if (f.is != preflight::severity::error) continue;
        auto const domain = f.domain.empty() ? "" : f.domain + ": ";
        all.push_back(std::string(to_string(f.kind)) + ": " + domain + f.message + ": " + f.fix);
    }
    return all;
}

// What a public DNS delegates, and what it does not.
std::vector<scripted_zone> public_zones() {
    return {
        {"test",
         {"127.53.22.1"},
         {"test NS ns.test", "ns.test A 127.53.22.1", "example.test NS ns.example.test"}},
        {"example.test",
         {"127.53.22.2"},
         {"example.test NS ns.example.test",
          "ns.example.test A 127.53.22.2",
          "away.example.test NS ns.away.example.test",
          "ns.away.example.test A 127.53.22.3"}},
        {"away.example.test",
         {"127.53.22.3"},
         {"away.example.test NS ns.away.example.test", "ns.away.example.test A 127.53.22.3"}},
        {"lost.test", {"127.53.22.4"}, {"lost.test NS ns.lost.test", "ns.lost.test A 127.53.22.4"}},
    };
}

// The account has zones that a public DNS of our own knows in its own way.
struct scripted_world {
    std::vector<scripted_zone> const zones = public_zones();
    scripted_name_server const server{serving(zones), addresses_for(zones)};
    challenge_services all{settings()};

private:
    service_settings settings() const {
        service_settings set;
        set.sandbox.domains = {"example.test", "lost.test"};
        set.resolver = server.endpoint();
        return set;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(nothing_fails_for_healthy_domains) {
    challenge_services all;
    auto const found = check(all, {"www.example.com", "example.com", "*.example.com"});
    BOOST_TEST(told(found).empty());
    BOOST_TEST(
        calls_of(all.s) == (texts{
                               "GET /v2/domains?page=1&per_page=200 200",
                               "POST /v2/domains/example.com/records 422",
                               "DELETE /v2/domains/example.com/records/0 404"}),
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(the_zones_are_looked_at_as_they_are_now) {
    challenge_services all;
    BOOST_REQUIRE(all.run(all.account().zone_of(name_of("example.com"))));
    all.s.clear_calls();
    BOOST_TEST(told(check(all, {"www.example.com"})).empty());
    BOOST_TEST(calls_of(all.s).front() == "GET /v2/domains?page=1&per_page=200 200");
}

BOOST_AUTO_TEST_CASE(a_domain_in_no_zone_of_the_account_is_told) {
    challenge_services all;
    all.s.add_domain("gone.test");
    BOOST_TEST(told(check(all, {"www.gone.test"})).empty());
    service_settings set;
    set.sandbox.domains = {"example.com"};
    challenge_services without(set);
    BOOST_TEST(
        told(check(without, {"www.gone.test", "www.example.com"})) ==
            texts{"zone_not_found: www.gone.test: no zone in the DigitalOcean account contains "
                  "_acme-challenge.www.gone.test (the account has 1 zone): add the domain at "
                  "DigitalOcean, "
                  "or use the token of the account that has it"},
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_domain_outside_allow_is_told_and_not_looked_for) {
    service_settings set;
    set.allowed = {"www.example.com"};
    challenge_services all(set);
    BOOST_TEST(
        told(check(all, {"mail.example.com", "www.example.com"})) ==
            texts{"configuration: mail.example.com: mail.example.com is not among the names that "
                  "this host may touch: www.example.com: extend 'allow' in the configuration if it "
                  "should be"},
        boost::test_tools::per_element()
    );
    dns::question const asked{name_of("_acme-challenge.mail.example.com"), dns::record_type::txt};
    auto const queries = all.s.queries();
    BOOST_TEST(std::ranges::none_of(queries, [&](auto const& q) {
        return q.asked.asked == asked.asked;
    }));
}

BOOST_AUTO_TEST_CASE(zones_that_the_public_dns_does_not_delegate_are_told) {
    scripted_world with;
    BOOST_TEST(
        told(check(with.all, {"www.lost.test", "www.example.test"})) ==
            texts{
                "zone_not_found: www.lost.test: zone lost.test is not delegated: the name servers "
                "of test have no NS records for it, so no CA finds it: add NS records for it to "
                "test, or delete the zone at DigitalOcean so that its names belong to test"},
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_zone_further_down_that_the_account_does_not_have_is_told) {
    scripted_world with;
    BOOST_TEST(
        told(check(with.all, {"away.example.test"})) ==
            texts{"zone_not_found: away.example.test: a CA looks for "
                  "_acme-challenge.away.example.test in zone away.example.test, which example.test "
                  "delegates to other name servers; the DigitalOcean account has only zone "
                  "example.test: create the record where away.example.test is hosted, or add it as "
                  "a domain of this account and delegate it there, or remove its NS records from "
                  "example.test"},
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_token_that_is_refused_is_told_once_for_all_domains) {
    service_settings set;
    set.token = "revoked";
    challenge_services all(set);
    BOOST_TEST(
        told(check(all, {"www.example.com", "example.com"})) ==
            texts{"unauthorized: listing the zones: DigitalOcean does not accept the token (401): "
                  "create a token at https://cloud.digitalocean.com/account/api/tokens and use it "
                  "instead"},
        boost::test_tools::per_element()
    );
    BOOST_TEST(all.s.arrived() == 1U);
}

BOOST_AUTO_TEST_CASE(without_a_token_the_api_is_not_asked) {
    service_settings set;
    set.token = "";
    challenge_services all(set);
    auto const found = told(check(all, {"www.example.com", "example.com"}));
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].starts_with("configuration: there is no DigitalOcean token: "), found[0]);
    BOOST_TEST(all.s.arrived() == 0U);
    BOOST_TEST(to_string(preflight::subjects_of({"192.0.2.1"}).error().kind) == "usage");
}

BOOST_AUTO_TEST_SUITE_END()
