#include "challenge/wait/zone_check.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(challenge_wait_zone_check)

using namespace acme_dns01;
using namespace acme_dns01::challenge;

namespace {

using texts = std::vector<std::string>;

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

std::vector<dns::name> names(texts const& all) {
    std::vector<dns::name> parsed_names;
    for (auto const& text : all)
        parsed_names.push_back(parsed(text));
    return parsed_names;
}

dns::name_server at(std::string_view host, std::string const& address) {
    return {parsed(host), boost::asio::ip::make_address(address)};
}

dns::zone_servers served_by(std::vector<dns::name_server> servers, texts const& delegated_to = {}) {
    dns::zone_servers found;
    found.servers = std::move(servers);
    found.above.hosts = names(delegated_to);
    return found;
}

auto const zone = parsed("example.com");
auto const ours = at("ns1.digitalocean.com", "192.0.2.1");
auto const theirs = at("ns1.example.net", "192.0.2.2");

// Of a name that two addresses were asked for.
struct asked {
    asked() {
        state.names = {{parsed("_acme-challenge.a.example.com"), {}, {}, zone}};
        state.probes.resize(2);
        state.last_answers.resize(2);
        state.probes[1].address = 1;
    }

    boost::asio::io_context io;
    wait_state state{io.get_executor()};
};

} // namespace

BOOST_AUTO_TEST_CASE(servers_look_foreign_if_no_host_name_is_digitaloceans) {
    struct {
        dns::zone_servers publicly;
        bool expected;
    } const cases[] = {
        {served_by({ours}), false},
        {served_by({ours, theirs}), false},
        {served_by({theirs}), true},
        {served_by({theirs}, {"ns2.digitalocean.com"}), false},
        {served_by({theirs}, {"ns1.example.net"}), true},
        {served_by({at("ns1.notdigitalocean.com", "192.0.2.1")}), true},
    };
    for (auto const& c : cases)
        BOOST_TEST(looks_foreign(c.publicly) == c.expected);
}

BOOST_AUTO_TEST_CASE(a_zone_is_elsewhere_if_it_shares_no_server_with_the_account) {
    struct {
        std::string what;
        dns::zone_servers publicly;
        texts hosts;
        std::vector<dns::name_server> servers;
        bool expected;
    } const cases[] = {
        {"others altogether", served_by({theirs}), {"ns1.digitalocean.com"}, {ours}, true},
        {"one of several is ours",
         served_by({theirs, ours}),
         {"ns1.digitalocean.com"},
         {ours},
         false},
        {"ours by another name",
         served_by({at("ns.example.com", "192.0.2.1")}),
         {"ns1.digitalocean.com"},
         {ours},
         false},
        {"ours at another address",
         served_by({at("ns1.digitalocean.com", "192.0.2.9")}),
         {"ns1.digitalocean.com"},
         {ours},
         false},
        {"delegated to ours, too",
         served_by({theirs}, {"ns2.digitalocean.com"}),
         {"ns1.digitalocean.com", "ns2.digitalocean.com"},
         {ours},
         false},
        {"ours are not known", served_by({theirs}), {}, {}, false},
        {"ours have no addresses", served_by({theirs}), {"ns1.digitalocean.com"}, {}, false},
        {"the public's are not known", served_by({}), {"ns1.digitalocean.com"}, {ours}, false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            auto const found = hosted_elsewhere(zone, c.publicly, names(c.hosts), c.servers);
            BOOST_TEST(found.has_value() == c.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_error_names_both_sides_and_what_to_do) {
    auto const publicly = served_by({theirs}, {"ns2.example.net", "ns1.example.net"});
    auto const found = hosted_elsewhere(zone, publicly, names({"ns1.digitalocean.com"}), {ours});
    BOOST_REQUIRE(found);
    BOOST_TEST((found->kind == error_kind::zone_not_found));
    BOOST_TEST(
        found->message == "zone example.com is hosted elsewhere: the public DNS has it at "
                          "ns1.example.net, ns2.example.net, the DigitalOcean account at "
                          "ns1.digitalocean.com, where no CA looks"
    );
    BOOST_TEST(
        found->hint == "delegate example.com to the account's name servers at its registrar, or "
                       "create the record where the zone is hosted"
    );
}

BOOST_AUTO_TEST_CASE(of_many_servers_six_are_named) {
    std::vector<std::string> many;
    for (int i = 1; i <= 32; ++i)
        many.push_back("ns" + std::to_string(i) + ".example.net");
    auto const elsewhere =
        hosted_elsewhere(zone, served_by({theirs}, many), names({"ns1.digitalocean.com"}), {ours});
    BOOST_REQUIRE(elsewhere);
    auto const text = elsewhere->message;
    BOOST_TEST(text.find(", and 26 more, the DigitalOcean account at ") != text.npos, text);
}

BOOST_AUTO_TEST_CASE(a_zone_below_is_certain_if_all_reachable_servers_refer_to_it) {
    using enum server_state;
    struct {
        std::string what;
        server_state first;
        bool first_refers;
        server_state second;
        bool second_refers;
        bool expected;
    } const cases[] = {
        {"both refer", lame, true, lame, true, true},
        {"one refers, one is dead", lame, true, unreachable, false, true},
        {"one refers, one has not answered yet", lame, true, unasked, false, false},
        {"one refers, one knows the name itself", lame, true, missing, false, false},
        {"one refers, one serves", lame, true, serving, false, false},
        {"one refers, one is just lame", lame, true, lame, false, false},
        {"lame without a referral", lame, false, lame, false, false},
        {"dead", unreachable, false, unreachable, false, false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            asked a;
            a.state.probes[0].state = c.first;
            a.state.probes[1].state = c.second;
            if (c.first_refers) a.state.last_answers[0].refers = parsed("a.example.com");
            if (c.second_refers) a.state.last_answers[1].refers = parsed("a.example.com");
            BOOST_TEST(found_further_down(a.state).has_value() == c.expected);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
