#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_zones)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

acme_dns01::sandbox::options account_of(texts const& zones) {
    auto options = quick();
    options.domains = zones;
    return options;
}

// `count` zones that hold nothing of interest, and then these.
texts many(std::size_t count, texts const& more) {
    texts zones;
    for (std::size_t i = 0; i < count; ++i)
        zones.push_back("z" + std::to_string(i) + ".example");
    zones.insert(zones.end(), more.begin(), more.end());
    return zones;
}

acme_dns01::test::outcome present(local_digitalocean const& s, std::string const& domain) {
    return user(s).run({"present", domain, value_a, "--no-wait"});
}

} // namespace

BOOST_AUTO_TEST_CASE(the_longest_zone_holds_the_name_wherever_it_is_listed) {
    struct {
        std::string domain;
        std::string zone;
    } const cases[] = {
        {"www.example.com", "example.com"},
        {"www.sub.example.com", "sub.example.com"},
        {"sub.example.com", "sub.example.com"},
        {"*.sub.example.com", "sub.example.com"},
        {"notsub.example.com", "example.com"},
        {"own.example.com", "_acme-challenge.own.example.com"},
    };
    // The longer ones stand on the second page of the listing.
    auto zones = many(0, {"example.com", "wwwxexample.com"});
    for (auto const& zone : many(230, {"sub.example.com", "_acme-challenge.own.example.com"})) {
        zones.push_back(zone);
    }
    local_digitalocean const s(account_of(zones));
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.domain) {
            auto const out = present(s, c.domain).out;
            BOOST_TEST(out.find(" created as " + c.zone + "/") != std::string::npos, out);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_challenge_name_that_is_a_zone_has_its_record_at_the_apex) {
    local_digitalocean const s(account_of({"_acme-challenge.example.com", "example.com"}));
    BOOST_TEST(present(s, "example.com").status == 0);
    BOOST_TEST(s.records("_acme-challenge.example.com").back().name == "@");
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(zones_are_remembered_between_processes) {
    local_digitalocean s(account_of({"example.com"}));
    present(s, "a.example.com");
    s.clear_calls();
    present(s, "b.example.com");
    BOOST_TEST(calls_of(s) == texts{"POST /v2/domains/example.com/records 201"}, per_element());
}

BOOST_AUTO_TEST_CASE(a_new_zone_is_found_despite_the_cached_listing) {
    local_digitalocean s(account_of({"example.com"}));
    present(s, "example.com");
    s.add_domain("example.net");
    s.clear_calls();
    BOOST_TEST(present(s, "example.net").status == 0);
    texts const expected{
        "GET /v2/domains?page=1&per_page=200 200", "POST /v2/domains/example.net/records 201"};
    BOOST_TEST(calls_of(s) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_cached_zone_that_is_gone_is_looked_up_again) {
    local_digitalocean s(account_of({"example.com"}));
    present(s, "a.example.com");
    acme_dns01::sandbox::fault gone;
    gone.method = "POST";
    gone.status = 404;
    s.inject(gone);
    s.clear_calls();
    BOOST_TEST(present(s, "b.example.com").status == 0);
    texts const expected{
        "POST /v2/domains/example.com/records 404",
        "GET /v2/domains?page=1&per_page=200 200",
        "POST /v2/domains/example.com/records 201",
    };
    BOOST_TEST(calls_of(s) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(zones_of_a_large_account_are_guessed_from_the_public_dns) {
    local_digitalocean s(account_of(many(401, {"example.com", "sub.example.com"})));
    for (auto const* domain : {"www.sub.example.com", "www.example.com", "a.b.c.example.com"})
        BOOST_TEST(present(s, domain).status == 0);
    texts const expected{
        "GET /v2/domains?page=1&per_page=200 200",
        "POST /v2/domains/sub.example.com/records 201",
        "POST /v2/domains/example.com/records 201",
        "POST /v2/domains/example.com/records 201",
    };
    BOOST_TEST(calls_of(s) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_challenge_name_that_is_a_zone_is_guessed_as_well) {
    local_digitalocean s(account_of(many(401, {"example.com", "_acme-challenge.own.example.com"})));
    BOOST_TEST(present(s, "own.example.com").status == 0);
    BOOST_TEST(
        calls_of(s).back() == "POST /v2/domains/_acme-challenge.own.example.com/records 201"
    );
}

BOOST_AUTO_TEST_CASE(an_alias_does_not_lead_the_guess_astray) {
    local_digitalocean s(account_of(many(401, {"example.com", "sub.example.com"})));
    acme_dns01::digitalocean::record alias;
    alias.type = "CNAME";
    alias.name = "a";
    alias.data = "example.com";
    alias.ttl = 1800;
    s.add_record("sub.example.com", alias);
    BOOST_TEST(present(s, "a.sub.example.com").status == 0);
    BOOST_TEST(calls_of(s).back() == "POST /v2/domains/sub.example.com/records 201");
}

BOOST_AUTO_TEST_CASE(after_a_wrong_guess_zones_are_requested_longest_first) {
    local_digitalocean s(account_of(many(401, {"example.com"})));
    acme_dns01::sandbox::fault not_ours;
    not_ours.method = "POST";
    not_ours.status = 404;
    s.inject(not_ours);
    BOOST_TEST(present(s, "www.example.com").status == 5);
    texts const expected{
        "GET /v2/domains?page=1&per_page=200 200",
        "POST /v2/domains/example.com/records 404",
        "GET /v2/domains/_acme-challenge.www.example.com 404",
        "GET /v2/domains/www.example.com 404",
    };
    BOOST_TEST(calls_of(s) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(without_public_dns_zones_are_requested_longest_first) {
    local_digitalocean s(account_of(many(401, {"example.com", "sub.example.com"})));
    s.set_behaviour("127.0.0.1", acme_dns01::sandbox::behaviour::servfail);
    BOOST_TEST(present(s, "www.sub.example.com").status == 0);
    texts const expected{
        "GET /v2/domains?page=1&per_page=200 200",
        "GET /v2/domains/_acme-challenge.www.sub.example.com 404",
        "GET /v2/domains/www.sub.example.com 404",
        "GET /v2/domains/sub.example.com 200",
        "POST /v2/domains/sub.example.com/records 201",
    };
    BOOST_TEST(calls_of(s) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_listing_too_large_to_read_is_skipped) {
    local_digitalocean s(quick());
    s.inject(failing(acme_dns01::sandbox::fault_action::oversized, "GET"));
    BOOST_TEST(present(s, "www.example.com").status == 0);
    texts const expected{
        "GET /v2/domains?page=1&per_page=200 200",
        "POST /v2/domains/example.com/records 201",
    };
    BOOST_TEST(calls_of(s) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_wrong_guess_does_not_hide_an_unjournalled_record) {
    local_digitalocean s(account_of(many(401, {"example.com"})));
    acme_dns01::digitalocean::record old;
    old.type = "TXT";
    old.name = "_acme-challenge";
    old.data = value_a;
    old.ttl = 30;
    s.add_record("example.com", old);
    s.set_behaviour("127.0.0.1", acme_dns01::sandbox::behaviour::servfail);
    BOOST_TEST(user(s).run({"cleanup", "example.com", value_a}).status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_SUITE_END()
