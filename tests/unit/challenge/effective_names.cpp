#include "challenge/effective_names.hpp"

#include "support/challenge_services.hpp"
#include "support/run_awaitable.hpp"
#include "support/scripted_zones.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(challenge_effective_names)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

// An alias, a circle and a plain name in one zone.
struct aliases {
    result<std::vector<challenge::dns01>>
    followed(texts const& domains, texts const& patterns = {}) {
        std::vector<challenge::dns01> challenges;
        for (auto const& domain : domains)
            challenges.push_back(challenge_for(domain, value_a));
        auto const allowed = challenge::allow_list::parse(patterns).value();
        auto const found =
            test::run(challenge::effective_names(resolvers, allowed, challenges, notes_and_warnings)
            );
        std::vector<challenge::dns01> names;
        for (auto const& c : found) {
            if (!c) return c.error();
            names.push_back(*c);
        }
        return names;
    }

    // The place of the record, or the error as a whole.
    std::string place_of(std::string const& domain, texts const& patterns = {}) {
        auto const found = followed({domain}, patterns);
        return found ? found->front().fqdn.text() : whole_text(found.error());
    }

    std::vector<scripted_zone> const zones{
        {"example.test",
         {"127.53.21.1"},
         {"example.test NS ns.example.test",
          "ns.example.test A 127.53.21.1",
          "_acme-challenge.www.example.test CNAME to.example.test",
          "_acme-challenge.bank.example.test CNAME www.bank.test",
          "_acme-challenge.proof.example.test CNAME _acme-challenge.bank.test",
          "_acme-challenge.own.example.test CNAME own.bank.test",
          "_acme-challenge.cname.example.test CNAME www.shop.test",
          "_acme-challenge.a.example.test CNAME _acme-challenge.b.example.test",
          "_acme-challenge.b.example.test CNAME _acme-challenge.a.example.test"}},
        {"bank.test",
         {"127.53.21.2"},
         {"bank.test NS ns.bank.test",
          "ns.bank.test A 127.53.21.2",
          "*.bank.test A 192.0.2.1",
          "own.bank.test TXT proof"}},
        {"shop.test",
         {"127.53.21.3"},
         {"shop.test NS ns.shop.test",
          "ns.shop.test A 127.53.21.3",
          "*.shop.test CNAME host.example.test"}}};
    scripted_name_server const server{serving(zones), addresses_for(zones)};
    boost::asio::io_context io{1};
    texts notes;
    acme_dns01::log notes_and_warnings{[this](auto const& text) { notes.push_back(text); }};
    services::resolvers resolvers{io.get_executor(), settings()};

private:
    services::resolver_settings settings() const {
        return {{server.endpoint()}, "", server.port(), true};
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(each_challenge_goes_where_its_alias_leads) {
    aliases with;
    auto const found = with.followed({"www.example.test", "mail.example.test"});
    BOOST_REQUIRE(found);
    BOOST_REQUIRE(found->size() == 2U);
    BOOST_TEST((*found)[0].fqdn.text() == "to.example.test");
    BOOST_TEST((*found)[0].domain == "www.example.test");
    BOOST_TEST((*found)[0].public_zone.value().text() == "example.test");
    BOOST_TEST((*found)[1].fqdn.text() == "_acme-challenge.mail.example.test");
    BOOST_TEST(
        with.notes == texts{"_acme-challenge.www.example.test is an alias of to.example.test"},
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(the_end_of_an_alias_has_to_be_allowed_as_well) {
    aliases with;
    BOOST_TEST(
        with.place_of("www.example.test", {"www.example.test"}) ==
        "configuration: www.example.test: its challenge name is an alias of to.example.test: "
        "to.example.test is not among the names that this host may touch: www.example.test: "
        "extend 'allow' in the configuration if it should be"
    );
    BOOST_TEST(with.place_of("www.example.test", {"*.example.test"}) == "to.example.test");
    // With a list of names, a wildcard's data is the administrator's choice.
    BOOST_TEST(
        with.place_of("bank.example.test", {"bank.example.test", "www.bank.test"}) ==
        "www.bank.test"
    );
}

BOOST_AUTO_TEST_CASE(no_alias_takes_a_name_away_from_a_wildcard) {
    aliases with;
    auto const refused = [](std::string const& domain, std::string const& end) {
        return "configuration: " + domain + ": its challenge name is an alias of " + end +
               ", for which a wildcard record answers until there is another record: change the " +
               "alias, or set 'allow' in the configuration to " + domain + ", " + end +
               " and the other names that this host may touch";
    };
    BOOST_TEST(with.place_of("bank.example.test") == refused("bank.example.test", "www.bank.test"));
    BOOST_TEST(
        with.place_of("cname.example.test") == refused("cname.example.test", "www.shop.test")
    );
    // The wildcard's data is of no use at a challenge name.
    BOOST_TEST(with.place_of("proof.example.test") == "_acme-challenge.bank.test");
    BOOST_TEST(with.place_of("own.example.test") == "own.bank.test");
}

BOOST_AUTO_TEST_CASE(aliases_that_lead_nowhere_are_an_error_with_the_domain) {
    aliases with;
    auto const found = with.followed({"mail.example.test", "a.example.test"});
    BOOST_REQUIRE(!found);
    BOOST_TEST(to_string(found.error().kind) == "zone_not_found");
    BOOST_TEST(found.error().message.starts_with("a.example.test: "));
}

BOOST_AUTO_TEST_CASE(where_no_server_answers_the_name_itself_is_taken) {
    aliases with;
    auto const found = with.followed({"www.unknown.test"});
    BOOST_REQUIRE(found);
    BOOST_TEST((*found)[0].fqdn.text() == "_acme-challenge.www.unknown.test");
    BOOST_TEST(!(*found)[0].public_zone.has_value());
    BOOST_REQUIRE(with.notes.size() == 1U);
    BOOST_TEST(
        with.notes[0].ends_with("; assuming that _acme-challenge.www.unknown.test is no alias")
    );
}

BOOST_AUTO_TEST_CASE(where_only_resolvers_can_be_reached_nothing_is_asked) {
    aliases const with;
    services::resolver_settings const settings{{with.server.endpoint()}, "", 1, false};
    boost::asio::io_context io(1);
    services::resolvers only(io.get_executor(), settings);
    auto const c = challenge_for("www.example.test", value_a);
    auto const found = test::run(challenge::effective_name(only, challenge::allow_list(), c, {}));
    BOOST_REQUIRE(found);
    BOOST_TEST((*found == c));
    BOOST_TEST(with.server.received().empty());
}

BOOST_AUTO_TEST_SUITE_END()
