#include "challenge/effective_names.hpp"

#include "support/challenge_services.hpp"
#include "support/run_awaitable.hpp"
#include "support/scripted_zones.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

// An alias, a circle and a plain name in one zone.
struct aliases {
    result<std::vector<challenge::dns01>> followed(texts const& domains) {
        std::vector<challenge::dns01> challenges;
        for (auto const& domain : domains)
            challenges.push_back(challenge_for(domain, value_a));
        return test::run(challenge::effective_names(resolvers, challenges, notes_and_warnings));
    }

    std::vector<scripted_zone> const zones{
        {"example.test",
         {"127.53.21.1"},
         {"example.test NS ns.example.test",
          "ns.example.test A 127.53.21.1",
          "_acme-challenge.www.example.test CNAME to.example.test",
          "_acme-challenge.a.example.test CNAME _acme-challenge.b.example.test",
          "_acme-challenge.b.example.test CNAME _acme-challenge.a.example.test"}}};
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

BOOST_AUTO_TEST_SUITE(challenge_effective_names)

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
    auto const found = test::run(challenge::effective_name(only, c, {}));
    BOOST_REQUIRE(found);
    BOOST_TEST((*found == c));
    BOOST_TEST(with.server.received().empty());
}

BOOST_AUTO_TEST_SUITE_END()
