#include "challenge/wait/loop.hpp"

#include "support/challenge_services.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(challenge_wait_loop)

using namespace acme_dns01;
using namespace acme_dns01::test;
using namespace acme_dns01::challenge;
using namespace std::chrono_literals;

namespace {

auto const www = challenge_for("www.example.com", value_a);
auto const mail = challenge_for("mail.example.com", value_b);

propagation_settings settings_for(challenge_services const& all, clock::duration timeout = 10s) {
    propagation_settings settings;
    settings.resolvers = all.dns.addresses();
    settings.dns_port = all.dns.dns_port();
    settings.limits.timeout = timeout;
    settings.limits.grace = 300ms;
    return settings;
}

result<propagation_report> wait_for(
    challenge_services& all,
    std::vector<dns01> const& challenges,
    propagation_settings const& settings
) {
    targets wanted;
    for (auto const& c : challenges)
        wanted.push_back({name_of("example.com"), c.fqdn, c.value});
    return all.run(wait_until_served(wanted, settings));
}

std::size_t questions_to(challenge_services const& all, std::string const& server, dns01 const& c) {
    return all.s.query_count_of(server, {c.fqdn, dns::record_type::txt});
}

// Also where the record reaches the servers after their delays.
void add_delayed(challenge_services& all, dns01 const& c) {
    digitalocean::record r;
    r.type = "TXT";
    r.name = c.fqdn.relative_to(name_of("example.com"));
    r.data = c.value;
    r.ttl = 30;
    all.s.add_record("example.com", r, sandbox::publishing::delayed);
}

std::string ns(int number) {
    auto const digit = std::to_string(number);
    return "ns" + digit + ".digitalocean.com (127.53.0." + digit + ")";
}

// The zone is at a server that is not DigitalOcean's, and the account's servers are others.
sandbox::options hosted_elsewhere() {
    auto options = publishing_at_once();
    options.domains = {"example.com", "account.test"};
    digitalocean::record address;
    address.type = "A";
    address.name = "ns1";
    address.data = "192.0.2.1";
    options.records = {{"account.test", address}};
    options.name_servers = {{"ns.elsewhere.test", {"127.53.0.1"}}};
    return options;
}

boost::asio::awaitable<std::vector<dns::name>> servers_in_account(dns::name, deadline) {
    std::vector<dns::name> const hosts{name_of("ns1.account.test")};
    co_return hosts;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_record_that_all_serve_takes_two_questions_a_server) {
    challenge_services all;
    all.add_record(www);
    auto const report = wait_for(all, {www}, settings_for(all));
    BOOST_REQUIRE(report);
    BOOST_TEST(report->complete);
    BOOST_TEST(report->names == 1U);
    BOOST_TEST(report->names_served == 1U);
    BOOST_TEST(report->warnings.empty());
    BOOST_REQUIRE(report->servers.size() == 3U);
    for (auto const& server : report->servers) {
        BOOST_TEST(to_string(server.state) == "serving");
        BOOST_TEST(server.queries == 2U);
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_is_late_is_asked_until_it_serves) {
    service_settings set;
    set.sandbox = quick({0.0, 0.0, 0.3});
    challenge_services all(set);
    add_delayed(all, www);
    auto was_missing = false;
    auto settings = settings_for(all);
    settings.progress = [&](propagation_report const& so_far) {
        was_missing |= so_far.servers.at(2).state == server_state::missing;
    };
    auto const report = wait_for(all, {www}, settings);
    BOOST_REQUIRE(report);
    BOOST_TEST(report->complete);
    BOOST_TEST(was_missing);
    BOOST_TEST(report->servers.at(2).server == "ns3.digitalocean.com");
    BOOST_TEST(report->servers[2].queries > 2U);
    BOOST_TEST(report->servers[0].queries == 2U);
    BOOST_TEST(report->warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_server_that_cannot_be_reached_is_left_out_after_its_grace) {
    challenge_services all;
    all.add_record(www);
    all.s.set_behaviour("127.53.0.2", sandbox::behaviour::silent);
    auto const report = wait_for(all, {www}, settings_for(all));
    BOOST_REQUIRE(report);
    BOOST_TEST(report->complete);
    BOOST_TEST(report->names_served == 1U);
    BOOST_TEST(
        report->warnings == texts{ns(2) + " was not waited for: unreachable"},
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(no_server_is_left_out_if_all_are_required) {
    challenge_services all;
    all.add_record(www);
    all.s.set_behaviour("127.53.0.2", sandbox::behaviour::refused);
    auto settings = settings_for(all, 500ms);
    settings.limits.grace = 0ms;
    settings.limits.require_all = true;
    auto const report = wait_for(all, {www}, settings);
    BOOST_REQUIRE(!report);
    BOOST_TEST(
        whole_text(report.error()) ==
        "not_propagated: not on every authoritative server after 0.5 s: " + ns(2) +
            " answered REFUSED for _acme-challenge.www.example.com: try again, or allow more time "
            "with --propagation-timeout"
    );
}

BOOST_AUTO_TEST_CASE(a_timeout_names_the_servers_and_their_last_answers) {
    challenge_services all;
    auto other = www;
    other.value = value_c;
    all.add_record(other);
    all.s.set_behaviour("127.53.0.3", sandbox::behaviour::lame);
    auto const report = wait_for(all, {www}, settings_for(all, 200ms));
    BOOST_REQUIRE(!report);
    BOOST_TEST(
        report.error().message ==
        "not on every authoritative server after 0.2 s: " + ns(1) +
            " answered NOERROR with 1 other value for _acme-challenge.www.example.com; " + ns(2) +
            " answered NOERROR with 1 other value for _acme-challenge.www.example.com; " + ns(3) +
            " answered without authority for _acme-challenge.www.example.com"
    );
}

BOOST_AUTO_TEST_CASE(a_wait_without_any_answer_says_so) {
    challenge_services all;
    for (auto const address : {"127.53.0.1", "127.53.0.2", "127.53.0.3"})
        all.s.set_behaviour(address, sandbox::behaviour::silent);
    auto const report = wait_for(all, {www}, settings_for(all, 200ms));
    BOOST_REQUIRE(!report);
    BOOST_TEST(
        whole_text(report.error()) ==
        "not_propagated: none of the authoritative servers answered: " + ns(1) + ", " + ns(2) +
            ", " + ns(3) +
            ": if outgoing port 53 is blocked, use --propagation resolver to ask recursive "
            "resolvers instead"
    );
}

BOOST_AUTO_TEST_CASE(a_zone_hosted_elsewhere_fails_once_a_server_lacks_the_record) {
    service_settings set;
    set.sandbox = hosted_elsewhere();
    challenge_services all(set);
    auto settings = settings_for(all);
    settings.ask_account = servers_in_account;
    auto const report = wait_for(all, {www}, settings);
    BOOST_REQUIRE(!report);
    BOOST_TEST(
        whole_text(report.error()) ==
        "zone_not_found: zone example.com is hosted elsewhere: the public DNS has it at "
        "ns.elsewhere.test, the DigitalOcean account at ns1.account.test, where no CA looks: "
        "delegate example.com to the account's name servers at its registrar, or create the "
        "record where the zone is hosted"
    );
    BOOST_TEST(questions_to(all, "127.53.0.1", www) == 1U);
}

BOOST_AUTO_TEST_CASE(a_zone_hosted_elsewhere_is_fine_if_all_serve_the_record) {
    service_settings set;
    set.sandbox = hosted_elsewhere();
    challenge_services all(set);
    all.add_record(www);
    auto settings = settings_for(all);
    settings.ask_account = servers_in_account;
    auto const report = wait_for(all, {www}, settings);
    BOOST_REQUIRE(report);
    BOOST_TEST(report->complete);
}

BOOST_AUTO_TEST_CASE(the_account_is_not_asked_about_digitaloceans_own_servers) {
    challenge_services all;
    all.add_record(www);
    auto was_asked = false;
    auto settings = settings_for(all);
    settings.ask_account = [&](dns::name zone, deadline until) {
        was_asked = true;
        return servers_in_account(zone, until);
    };
    BOOST_REQUIRE(wait_for(all, {www}, settings));
    BOOST_TEST(!was_asked);
}

BOOST_AUTO_TEST_CASE(every_name_has_to_be_served) {
    challenge_services all;
    all.add_record(www);
    auto const lacking = wait_for(all, {www, mail}, settings_for(all, 200ms));
    BOOST_REQUIRE(!lacking);
    BOOST_TEST(
        lacking.error().message ==
        "not on every authoritative server after 0.2 s: " + ns(1) +
            " answered NXDOMAIN for _acme-challenge.mail.example.com; " + ns(2) +
            " answered NXDOMAIN for _acme-challenge.mail.example.com; " + ns(3) +
            " answered NXDOMAIN for _acme-challenge.mail.example.com"
    );
    all.add_record(mail);
    auto const report = wait_for(all, {www, mail}, settings_for(all));
    BOOST_REQUIRE(report);
    BOOST_TEST(report->names == 2U);
    BOOST_TEST(report->names_served == 2U);
}

BOOST_AUTO_TEST_CASE(both_values_of_one_name_are_one_question) {
    challenge_services all;
    auto const wildcard = challenge_for("*.www.example.com", value_b);
    all.add_record(www);
    all.add_record(wildcard);
    auto const report = wait_for(all, {www, wildcard}, settings_for(all));
    BOOST_REQUIRE(report);
    BOOST_TEST(report->names == 1U);
    BOOST_TEST(report->servers.at(0).queries == 2U);
}

// After half of a short timeout.
BOOST_AUTO_TEST_CASE(where_only_resolvers_can_be_reached_they_are_asked) {
    challenge_services all;
    auto settings = settings_for(all, 400ms);
    settings.asked = asked_servers::resolvers;
    auto const lacking = wait_for(all, {www}, settings);
    BOOST_REQUIRE(!lacking);
    BOOST_TEST(
        lacking.error().message ==
        "not on every resolver after 0.4 s: resolver (127.0.0.1) answered NXDOMAIN for "
        "_acme-challenge.www.example.com"
    );
    all.add_record(www);
    auto const report = wait_for(all, {www}, settings);
    BOOST_REQUIRE(report);
    BOOST_TEST(report->by_resolvers);
    BOOST_TEST(report->elapsed >= 0.2);
    BOOST_REQUIRE(report->servers.size() == 1U);
    BOOST_TEST(report->servers[0].server == "resolver");
    BOOST_TEST(questions_to(all, "127.53.0.1", www) == 0U);
}

BOOST_AUTO_TEST_CASE(a_zone_whose_servers_cannot_be_found_is_an_error) {
    challenge_services all;
    auto const settings = settings_for(all, 200ms);
    targets const wanted{{name_of("gone.test"), name_of("_acme-challenge.gone.test"), value_a}};
    auto const report = all.run(wait_until_served(wanted, settings));
    BOOST_REQUIRE(!report);
    BOOST_TEST(report.error().message.find("gone.test") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
