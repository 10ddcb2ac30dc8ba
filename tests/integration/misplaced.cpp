#include "support/scripted_zones.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(integration_misplaced)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

using texts = std::vector<std::string>;
using boost::test_tools::per_element;

constexpr auto upper_address = "127.53.12.1";
constexpr auto zone_address = "127.53.12.2";
constexpr auto home_address = "127.53.12.3";
constexpr auto below_address = "127.53.12.4";

// example.test, which the account has, at ns.elsewhere.test; DigitalOcean's own servers at
// `home_addresses`.
std::vector<scripted_zone> elsewhere(std::string const& home, texts const& records = {}) {
    scripted_zone const upper{
        "test",
        {upper_address},
        {"test NS ns.test",
         "ns.test A 127.53.12.1",
         "example.test NS ns.elsewhere.test",
         "ns.elsewhere.test A 127.53.12.2"}};
    scripted_zone zone{"example.test", {zone_address}, {"example.test NS ns.elsewhere.test"}};
    zone.records.insert(zone.records.end(), records.begin(), records.end());
    scripted_zone ours{"digitalocean.com", {home_address}, {}};
    for (auto const* host : {"ns1", "ns2", "ns3"}) {
        auto const name = std::string(host) + ".digitalocean.com";
        ours.records.push_back("digitalocean.com NS " + name);
        if (!home.empty()) ours.records.push_back(name + " A " + home);
    }
    return {upper, zone, ours};
}

// example.test where the account has it, and sub.example.test at somebody else's.
std::vector<scripted_zone> divided() {
    auto all = elsewhere(
        zone_address, {"sub.example.test NS ns.other.test", "a.example.test A 192.0.2.1"}
    );
    all.front().records.emplace_back("ns.other.test A 127.53.12.4");
    all.push_back({"sub.example.test", {below_address}, {"sub.example.test NS ns.other.test"}});
    return all;
}

// And second.test beside example.test.
std::vector<scripted_zone> two_elsewhere() {
    auto all = elsewhere(home_address);
    all.front().records.emplace_back("second.test NS ns.elsewhere.test");
    all.push_back({"second.test", {zone_address}, {"second.test NS ns.elsewhere.test"}});
    return all;
}

struct world {
    explicit world(std::vector<scripted_zone> const& zones)
        : world(serving(zones), addresses_for(zones)) {}
    world(script const& answers, texts const& addresses) : server(answers, addresses), admin(api) {
        admin.resolving_at(server.endpoint());
    }

    static sandbox::options with_domains() {
        auto options = quick();
        options.domains = {"example.test", "second.test"};
        return options;
    }

    // How often the account was asked for the zone's servers, of all calls.
    std::size_t listings() const {
        auto const calls = calls_of(api);
        return static_cast<std::size_t>(std::ranges::count_if(calls, [](auto const& call) {
            return call.find("type=NS") != std::string::npos;
        }));
    }

    std::size_t creations() const {
        auto const calls = calls_of(api);
        return static_cast<std::size_t>(std::ranges::count_if(calls, [](auto const& call) {
            return call.starts_with("POST");
        }));
    }

    sandbox::local_digitalocean api{with_domains()};
    scripted_name_server server;
    user admin;
};

std::string hosted_elsewhere(std::string const& zone, std::string const& context = "") {
    return "acme-dns01: error: " + context + "zone " + zone +
           " is hosted elsewhere: the public DNS has it at ns.elsewhere.test, the DigitalOcean "
           "account at ns1.digitalocean.com, ns2.digitalocean.com, ns3.digitalocean.com, where no "
           "CA looks\n"
           "acme-dns01: hint: delegate " +
           zone +
           " to the account's name servers at its registrar, or create the record where the zone "
           "is hosted\n";
}

std::string const at_nobodys = hosted_elsewhere("example.test");

constexpr auto further_down =
    "a CA looks for _acme-challenge.sub.example.test in zone sub.example.test, which example.test "
    "delegates to other name servers; the DigitalOcean account has only zone example.test\n"
    "acme-dns01: hint: create the record where sub.example.test is hosted, or add it as a domain "
    "of this account and delegate it there, or remove its NS records from example.test\n";

} // namespace

BOOST_AUTO_TEST_CASE(a_zone_hosted_elsewhere_is_reported_at_once) {
    for (std::string const command : {"wait", "present"}) {
        BOOST_TEST_CONTEXT(command) {
            world const w(elsewhere(home_address));
            // Longer than any run may take here.
            auto const out =
                w.admin.run({command, "www.example.test", value_a, "--propagation-timeout", "600"});
            BOOST_TEST(out.status == 5);
            BOOST_TEST(out.err == at_nobodys);
            BOOST_TEST(w.listings() == 1U);
        }
    }
}

// The account is asked about both at the same time.
BOOST_AUTO_TEST_CASE(run_reports_all_zones_hosted_elsewhere_before_it_starts) {
    world const w(two_elsewhere());
    auto const names = "www.example.test,www.second.test";
    auto const done = w.admin.run({"run", "--domain", names, "--", "echo", "started"});
    BOOST_TEST(done.status == 5);
    BOOST_TEST(done.out == "");
    BOOST_TEST(
        done.err == hosted_elsewhere("second.test", "www.second.test: ") +
                        hosted_elsewhere("example.test", "echo was not started: www.example.test: ")
    );
    BOOST_TEST(w.listings() == 2U);
}

// What was made before is in the journal, and goes as ever.
BOOST_AUTO_TEST_CASE(the_record_of_a_zone_hosted_elsewhere_is_cleaned_up) {
    world const w(elsewhere(home_address));
    BOOST_TEST(w.admin.run({"present", "www.example.test", value_a}).status == 5);
    BOOST_TEST(txt_values(w.api, "example.test") == texts{value_a}, per_element());
    BOOST_TEST(w.admin.run({"cleanup", "www.example.test", value_a}).status == 0);
    BOOST_TEST(txt_values(w.api, "example.test").empty());
}

BOOST_AUTO_TEST_CASE(the_wait_goes_on_if_servers_may_be_ours_under_other_names) {
    struct {
        std::string what;
        std::string home;
    } const cases[] = {
        {"the same address", zone_address},
        {"no address is known", ""},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            world const w(elsewhere(c.home));
            auto const out =
                w.admin.run({"wait", "www.example.test", value_a, "--propagation-timeout", "0.7"});
            BOOST_TEST(out.status == 7);
            BOOST_TEST(w.listings() == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_account_is_asked_once_if_no_server_is_digitaloceans) {
    world const w(elsewhere(home_address, {"_acme-challenge.example.test TXT " + value_a}));
    BOOST_TEST(w.admin.run({"present", "example.test", value_a}).status == 0);
    BOOST_TEST(w.listings() == 1U);
}

// Had the wait to wait for the answer, its own time would be over.
BOOST_AUTO_TEST_CASE(a_wait_does_not_depend_on_a_slow_account) {
    auto const before = elsewhere(home_address);
    auto const after = elsewhere(zone_address, {"_acme-challenge.example.test TXT " + value_a});
    auto const made = clock::now() + std::chrono::seconds(1);
    script const late = [made, missing = serving(before), there = serving(after)](auto const& q) {
        return clock::now() < made ? missing(q) : there(q);
    };
    world w(late, addresses_for(before));
    w.api.inject(sandbox::parse_fault("GET /v2/domains/example.test/records delay=60 x*").value());
    auto const out = w.admin.run(
        {"wait", "example.test", value_a, "--settle", "0", "--propagation-timeout", "20"}
    );
    BOOST_TEST(out.status == 0, out.err);
}

BOOST_AUTO_TEST_CASE(without_a_token_a_zone_hosted_elsewhere_is_waited_for) {
    world w(elsewhere(home_address));
    BOOST_TEST(w.admin.run({"present", "www.example.test", value_a, "--no-wait"}).status == 0);
    w.admin.without("DIGITALOCEAN_TOKEN");
    auto const out =
        w.admin.run({"wait", "www.example.test", value_a, "--propagation-timeout", "0.7"});
    BOOST_TEST(out.status == 7, out.err);
}

BOOST_AUTO_TEST_CASE(a_name_delegated_further_is_reported_before_creation) {
    world const w(divided());
    auto const out = w.admin.run({"present", "sub.example.test", value_a});
    BOOST_TEST(out.status == 5);
    BOOST_TEST(out.err == "acme-dns01: error: sub.example.test: " + std::string(further_down));
    BOOST_TEST(w.creations() == 0U);
    BOOST_TEST(w.admin.run({"present", "a.example.test", value_a, "--no-wait"}).status == 0);
}

BOOST_AUTO_TEST_CASE(a_child_zone_counts_even_if_its_servers_are_silent) {
    texts const cut{"sub.example.test NS ns.other.test"};
    for (std::string const address : {"", "127.53.12.9"}) {
        BOOST_TEST_CONTEXT("at '" << address << "'") {
            auto zones = elsewhere(zone_address, cut);
            if (!address.empty()) zones.front().records.emplace_back("ns.other.test A " + address);
            world const w(zones);
            auto const out = w.admin.run({"present", "sub.example.test", value_a});
            BOOST_TEST(out.status == 5);
            BOOST_TEST(
                out.err == "acme-dns01: error: sub.example.test: " + std::string(further_down)
            );
            BOOST_TEST(w.creations() == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_alias_out_of_the_account_is_reported_with_its_zone) {
    auto zones = elsewhere(zone_address, {"_acme-challenge.www.example.test CNAME x.away.test"});
    zones.push_back({"away.test", {below_address}, {"away.test NS ns.away.test"}});
    zones.front().records.emplace_back("away.test NS ns.away.test");
    for (auto& z : zones)
        z.records.emplace_back("ns.away.test A 127.53.12.4");
    world const w(zones);
    std::string const told =
        "www.example.test, whose challenge name is an alias of x.away.test: no "
        "zone in the DigitalOcean account contains x.away.test (the account has 2 zones)\n"
        "acme-dns01: hint: add the domain away.test at DigitalOcean, or use the token of the "
        "account that has it\n";
    for (auto const* command : {"present", "wait", "cleanup"}) {
        BOOST_TEST_CONTEXT(command) {
            auto const out = w.admin.run({command, "www.example.test", value_a});
            BOOST_TEST(out.status == 5);
            BOOST_TEST(out.err == "acme-dns01: error: " + told);
        }
    }
    auto const out = w.admin.run({"run", "--domain", "www.example.test", "--", "echo", "started"});
    BOOST_TEST(out.status == 5);
    BOOST_TEST(out.out == "");
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: echo was not started: www.example.test: "
        "_acme-challenge.www.example.test is an alias of x.away.test: no zone in the DigitalOcean "
        "account contains x.away.test (the account has 2 zones)\n"
        "acme-dns01: hint: add the domain away.test at DigitalOcean, or use the token of the "
        "account that has it\n"
    );
}

BOOST_AUTO_TEST_CASE(a_wait_also_reports_a_name_delegated_further) {
    world const w(divided());
    auto const out =
        w.admin.run({"wait", "sub.example.test", value_a, "--propagation-timeout", "600"});
    BOOST_TEST(out.status == 5);
    BOOST_TEST(out.err == "acme-dns01: error: " + std::string(further_down));
}

BOOST_AUTO_TEST_CASE(a_zone_added_to_the_account_meanwhile_is_found) {
    world w(divided());
    BOOST_TEST(w.admin.run({"present", "a.example.test", value_a, "--no-wait"}).status == 0);
    w.api.add_domain("sub.example.test");
    auto const out = w.admin.run({"present", "sub.example.test", value_a, "--no-wait"});
    BOOST_TEST(out.status == 0, out.err);
    BOOST_TEST(txt_values(w.api, "sub.example.test") == texts{value_a}, per_element());
}

BOOST_AUTO_TEST_SUITE_END()
