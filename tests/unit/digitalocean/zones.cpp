#include "digitalocean/zones.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::digitalocean;

namespace {

using texts = std::vector<std::string>;

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

std::vector<dns::name> names(texts const& all) {
    std::vector<dns::name> parsed_names;
    for (auto const& text : all)
        parsed_names.push_back(parsed(text));
    return parsed_names;
}

std::string match(std::string_view fqdn, texts const& zones) {
    auto const zone = longest_match(parsed(fqdn), names(zones));
    return zone ? zone->text() : "none";
}

// An API that nobody listens at: whoever asks it fails.
struct unasked_api {
    boost::asio::io_context context{1};
    net::https_client https{context.get_executor(), {"127.0.0.1", "1", ""}, {}};
    secret token{"token"};
    client api{https, token, deadline::in(seconds(0))};

    result<dns::name> zone_of(zone_finder& finder, std::string_view fqdn) {
        result<dns::name> found = error();
        auto const name = parsed(fqdn);
        boost::asio::co_spawn(
            context,
            finder.zone_of(name),
            [&](std::exception_ptr, result<dns::name> zone) { found = std::move(zone); }
        );
        context.restart();
        context.run();
        return found;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(digitalocean_zones)

BOOST_AUTO_TEST_CASE(the_longest_zone_wins_wherever_it_stands) {
    struct {
        std::string fqdn;
        texts zones;
        std::string expected;
    } const cases[] = {
        {"_acme-challenge.example.com", {"example.com"}, "example.com"},
        {"_acme-challenge.sub.example.com", {"example.com", "sub.example.com"}, "sub.example.com"},
        {"_acme-challenge.sub.example.com", {"sub.example.com", "example.com"}, "sub.example.com"},
        {"_acme-challenge.sub.example.com",
         {"a.example", "example.com", "b.example"},
         "example.com"},
        {"_acme-challenge.example.com",
         {"example.com", "_acme-challenge.example.com"},
         "_acme-challenge.example.com"},
        {"_acme-challenge.www.example.com",
         {"example.com", "_acme-challenge.example.com"},
         "example.com"},
        {"_acme-challenge.example.com", {"sub.example.com"}, "none"},
        {"_acme-challenge.example.com", {}, "none"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.fqdn << " -> " << c.expected) {
            BOOST_TEST(match(c.fqdn, c.zones) == c.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_zone_matches_on_whole_labels_only) {
    BOOST_TEST(match("_acme-challenge.badexample.com", {"example.com"}) == "none");
    BOOST_TEST(match("_acme-challenge.example.com", {"ample.com", "le.com"}) == "none");
    BOOST_TEST(match("_acme-challenge.example.com", {"example.co"}) == "none");
}

BOOST_AUTO_TEST_CASE(a_dot_is_a_dot_and_no_pattern) {
    BOOST_TEST(match("_acme-challenge.www.example.com", {"wwwxexample.com"}) == "none");
    BOOST_TEST(match("_acme-challenge.wwwxexample.com", {"www.example.com"}) == "none");
}

BOOST_AUTO_TEST_CASE(candidates_are_all_levels_but_the_top_longest_first) {
    struct {
        std::string fqdn;
        texts expected;
    } const cases[] = {
        {"_acme-challenge.a.example.com",
         {"_acme-challenge.a.example.com", "a.example.com", "example.com"}},
        {"example.com", {"example.com"}},
        {"com", {}},
        {".", {}},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.fqdn) {
            BOOST_TEST((zone_candidates(parsed(c.fqdn)) == names(c.expected)));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_remembered_listing_that_holds_the_name_needs_no_request) {
    unasked_api unasked;
    zone_finder finder(unasked.api, names({"example.com", "sub.example.com"}));
    auto const zone = unasked.zone_of(finder, "_acme-challenge.sub.example.com");
    BOOST_REQUIRE(zone);
    BOOST_TEST(zone->text() == "sub.example.com");
}

BOOST_AUTO_TEST_CASE(a_remembered_listing_without_the_name_is_made_anew) {
    unasked_api unasked;
    zone_finder finder(unasked.api, names({"example.net"}));
    auto const zone = unasked.zone_of(finder, "_acme-challenge.example.com");
    BOOST_REQUIRE(!zone);
    BOOST_TEST((zone.error().kind == error_kind::unreachable));
}

BOOST_AUTO_TEST_CASE(a_listing_that_is_not_believed_any_more_is_made_anew) {
    unasked_api unasked;
    zone_finder finder(unasked.api, names({"example.com"}));
    finder.distrust();
    auto const zone = unasked.zone_of(finder, "_acme-challenge.example.com");
    BOOST_REQUIRE(!zone);
    BOOST_TEST((zone.error().kind == error_kind::unreachable));
}

BOOST_AUTO_TEST_CASE(what_was_remembered_is_not_worth_remembering_again) {
    unasked_api unasked;
    BOOST_TEST(!zone_finder(unasked.api, names({"example.com"})).fresh_listing());
    BOOST_TEST(!zone_finder(unasked.api, std::nullopt).fresh_listing());
}

BOOST_AUTO_TEST_SUITE_END()
