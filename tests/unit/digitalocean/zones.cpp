#include "digitalocean/zones.hpp"

#include "base/concurrent.hpp"
#include "support/api_client.hpp"
#include "support/user.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(digitalocean_zones)

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

// An API without a server: every request to it fails. The test sets the public DNS's answer.
struct unasked_api {
    boost::asio::io_context context{1};
    net::https_client https{context.get_executor(), {"127.0.0.1", "1", ""}, {}};
    secret token{"token"};
    requester requests{https, token, {}, deadline::in(seconds(0)), {}};
    client api{requests};
    std::optional<dns::name> public_zone;

    zone_finder finder(std::optional<dns::zone_list> remembered) {
        auto const guess = [this](dns::name) -> boost::asio::awaitable<std::optional<dns::name>> {
            co_return public_zone;
        };
        return {api, std::move(remembered), guess};
    }

    // "unreachable" where the API had to be asked.
    std::string zone_of(zone_finder& finder, std::string_view fqdn) {
        result<dns::name> found = error();
        auto const name = parsed(fqdn);
        boost::asio::co_spawn(
            context,
            finder.zone_of(name),
            [&](std::exception_ptr, result<dns::name> zone) { found = std::move(zone); }
        );
        context.restart();
        context.run();
        return found ? found->text() : std::string(to_string(found.error().kind));
    }
};

dns::zone_list listing_of(texts const& zones) { return {names(zones), true, {}}; }

dns::zone_list large_account() { return {{}, false, {}}; }

// The zones of twenty names, or the kinds of failure, found side by side.
texts zones_of_twenty(test::api_client& client, zone_finder& finder) {
    std::vector<dns::name> wanted;
    for (int i = 0; i < 20; ++i)
        wanted.push_back(parsed("_acme-challenge.h" + std::to_string(i) + ".example.com"));
    std::vector<async_result<dns::name>> tasks;
    for (auto const& name : wanted)
        tasks.push_back(finder.zone_of(name));
    texts found;
    for (auto const& zone : client.run(all_at_once(std::move(tasks))))
        found.emplace_back(zone ? zone->text() : to_string(zone.error().kind));
    return found;
}

} // namespace

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
    auto finder = unasked.finder(listing_of({"example.com", "sub.example.com"}));
    BOOST_TEST(unasked.zone_of(finder, "_acme-challenge.sub.example.com") == "sub.example.com");
}

BOOST_AUTO_TEST_CASE(a_remembered_listing_without_the_name_is_made_anew) {
    unasked_api unasked;
    auto finder = unasked.finder(listing_of({"example.net"}));
    BOOST_TEST(unasked.zone_of(finder, "_acme-challenge.example.com") == "unreachable");
}

BOOST_AUTO_TEST_CASE(a_listing_that_is_not_believed_any_more_is_made_anew) {
    unasked_api unasked;
    auto finder = unasked.finder(listing_of({"example.com"}));
    finder.distrust(parsed("example.com"));
    BOOST_TEST(unasked.zone_of(finder, "_acme-challenge.example.com") == "unreachable");
}

BOOST_AUTO_TEST_CASE(the_public_dns_is_asked_for_a_large_account_alone) {
    unasked_api unasked;
    unasked.public_zone = parsed("example.com");
    auto large = unasked.finder(large_account());
    BOOST_TEST(unasked.zone_of(large, "_acme-challenge.www.example.com") == "example.com");
    auto unknown = unasked.finder(std::nullopt);
    BOOST_TEST(unasked.zone_of(unknown, "_acme-challenge.www.example.com") == "unreachable");
}

BOOST_AUTO_TEST_CASE(a_wrong_or_senseless_guess_is_not_believed) {
    unasked_api unasked;
    unasked.public_zone = parsed("example.com");
    auto finder = unasked.finder(large_account());
    finder.distrust(parsed("example.com"));
    BOOST_TEST(unasked.zone_of(finder, "_acme-challenge.example.com") == "unreachable");
    for (auto const* senseless : {"com", "example.net", "www.sub.example.com"}) {
        BOOST_TEST_CONTEXT(senseless) {
            unasked.public_zone = parsed(senseless);
            auto other = unasked.finder(large_account());
            BOOST_TEST(unasked.zone_of(other, "_acme-challenge.sub.example.com") == "unreachable");
        }
    }
}

BOOST_AUTO_TEST_CASE(memory_that_is_not_believed_is_as_none) {
    unasked_api unasked;
    for (auto const is_complete : {true, false}) {
        unasked.public_zone = parsed("example.com");
        auto finder = unasked.finder(dns::zone_list{names({"example.com"}), is_complete, {}});
        BOOST_TEST(unasked.zone_of(finder, "_acme-challenge.example.com") == "example.com");
        finder.distrust_memory();
        BOOST_TEST(unasked.zone_of(finder, "_acme-challenge.example.com") == "unreachable");
    }
}

BOOST_AUTO_TEST_CASE(what_was_remembered_is_not_worth_remembering_again) {
    unasked_api unasked;
    BOOST_TEST(!unasked.finder(listing_of({"example.com"})).learnt());
    BOOST_TEST(!unasked.finder(large_account()).learnt());
    BOOST_TEST(!unasked.finder(std::nullopt).learnt());
}

BOOST_AUTO_TEST_CASE(names_that_need_the_same_answer_wait_for_one_request) {
    struct {
        std::string what;
        std::optional<dns::zone_list> remembered;
        bool refused;
        std::string expected;
        std::size_t requests;
    } const cases[] = {
        {"one listing", std::nullopt, false, "example.com", 1},
        {"a failed listing", std::nullopt, true, "unauthorized", 1},
        // Each name and its challenge name are asked for, and the zone once.
        {"by name", large_account(), false, "example.com", 41},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            sandbox::local_digitalocean s(test::quick());
            auto refusal = test::failing(sandbox::fault_action::answer, "GET", 1);
            refusal.status = 401;
            if (c.refused) s.inject(refusal);
            test::api_client client(s);
            auto const no_guess = [](dns::name
                                  ) -> boost::asio::awaitable<std::optional<dns::name>> {
                co_return std::nullopt;
            };
            zone_finder finder(client.api(), c.remembered, no_guess);
            auto const found = zones_of_twenty(client, finder);
            BOOST_TEST(std::ranges::count(found, c.expected) == 20);
            BOOST_TEST(s.arrived() == c.requests);
            // All of them find the listed zone wrong: it is asked for once more, and they agree.
            if (!c.refused && !c.remembered) {
                finder.distrust(parsed("example.com"));
                BOOST_TEST(
                    std::ranges::count(zones_of_twenty(client, finder), "example.com") == 20
                );
                finder.distrust(parsed("example.net"));
                zones_of_twenty(client, finder);
                BOOST_TEST(s.arrived() == 2U);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
