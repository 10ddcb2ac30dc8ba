#include "dns/delegation.hpp"

#include "support/run_awaitable.hpp"
#include "support/scripted_zones.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(integration_delegation)

using namespace acme_dns01;
using namespace acme_dns01::test;
using boost::test_tools::per_element;
using dns::delegation_status;

namespace {

using texts = std::vector<std::string>;
using zones = std::vector<scripted_zone>;

constexpr auto upper_address = "127.53.8.1";
constexpr auto second_upper_address = "127.53.8.2";
constexpr auto zone_address = "127.53.8.3";
constexpr auto delegated_address = "127.53.8.4";

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

scripted_zone upper_zone(texts const& delegation) {
    scripted_zone z{
        "test",
        {upper_address, second_upper_address},
        {"test NS ns1.test", "test NS ns2.test", "ns1.test A 127.53.8.1", "ns2.test A 127.53.8.2"}};
    z.records.insert(z.records.end(), delegation.begin(), delegation.end());
    return z;
}

// With a name server more than its own NS set may name.
scripted_zone example_zone(texts const& servers) {
    scripted_zone z{"example.test", {zone_address, delegated_address}, servers};
    z.records.emplace_back("a.example.test A 127.53.8.3");
    z.records.emplace_back("b.example.test A 127.53.8.4");
    return z;
}

zones tree(texts const& delegation, texts const& own) {
    return {upper_zone(delegation), example_zone(own)};
}

struct world {
    explicit world(zones const& all, script override = {})
        : honest(serving(all))
        , server(
              [this, override](received_query const& q) {
                  auto const is_special = override && q.address != "127.0.0.1";
                  return is_special ? override(q) : honest(q);
              },
              addresses_for(all)
          ) {}

    result<dns::zone_servers>
    servers_of(std::string_view zone, clock::duration limit = std::chrono::seconds(5)) const {
        dns::resolver const r({server.endpoint()}, limit);
        return run(dns::authoritative_servers(r, parsed(zone), server.port()));
    }

    std::size_t asked_at(std::string_view address) const {
        auto const all = server.received();
        return static_cast<std::size_t>(std::ranges::count(all, address, &received_query::address));
    }

    script honest;
    scripted_name_server server;
};

texts addresses(dns::zone_servers const& found) {
    texts all;
    for (auto const& s : found.servers)
        all.push_back(s.host.text() + " " + s.address.to_string());
    return all;
}

texts const a_alone{"example.test NS a.example.test"};
texts const b_alone{"example.test NS b.example.test"};
texts const server_a{"a.example.test 127.53.8.3"};
texts const server_b{"b.example.test 127.53.8.4"};
texts const both_servers{"a.example.test 127.53.8.3", "b.example.test 127.53.8.4"};

} // namespace

BOOST_AUTO_TEST_CASE(servers_of_the_delegation_and_of_the_zone_are_all_asked) {
    struct {
        texts delegation;
        texts own;
        texts expected;
    } const cases[] = {
        {a_alone, a_alone, server_a},
        {b_alone, a_alone, both_servers},
        // The zone itself has none, or does not tell.
        {b_alone, {}, server_b},
    };
    for (auto const& c : cases) {
        world const w(tree(c.delegation, c.own));
        auto const found = w.servers_of("example.test");
        BOOST_REQUIRE(found);
        BOOST_TEST(addresses(*found) == c.expected, per_element());
        BOOST_TEST((found->above.status == delegation_status::delegated));
        BOOST_TEST(found->above.parent->text() == "test");
        BOOST_TEST(w.asked_at(upper_address) == 1U);
        BOOST_TEST(w.asked_at(second_upper_address) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_zone_without_a_delegation_is_reported) {
    world const w(tree({}, a_alone));
    auto const found = w.servers_of("example.test");
    BOOST_REQUIRE(found);
    BOOST_TEST(addresses(*found) == server_a, per_element());
    BOOST_TEST((found->above.status == delegation_status::not_delegated));
    BOOST_TEST(w.asked_at(second_upper_address) == 1U);
}

BOOST_AUTO_TEST_CASE(an_undelegated_zone_without_known_servers_is_an_error) {
    world const w({upper_zone({})});
    auto const found = w.servers_of("example.test");
    BOOST_REQUIRE(!found);
    BOOST_TEST((found.error().kind == error_kind::dns_failure));
    BOOST_TEST(
        found.error().message ==
        "the name servers of zone example.test cannot be found: test does not delegate it"
    );
}

BOOST_AUTO_TEST_CASE(one_parent_server_that_delegates_is_enough) {
    auto const all = tree(b_alone, a_alone);
    auto const lagging = serving({upper_zone({})});
    auto const honest = serving(all);
    world const w(all, [&](received_query const& q) {
        return q.address == upper_address ? lagging(q) : honest(q);
    });
    auto const found = w.servers_of("example.test");
    BOOST_REQUIRE(found);
    BOOST_TEST((found->above.status == delegation_status::delegated));
    BOOST_TEST(addresses(*found) == both_servers, per_element());
}

BOOST_AUTO_TEST_CASE(the_zones_own_servers_suffice_if_the_parent_is_silent) {
    auto const all = tree(b_alone, a_alone);
    struct {
        std::string what;
        script upper;
    } const cases[] = {
        {"silence", [](auto const&) { return std::vector<reply>(); }},
        {"refused",
         [](auto const& q) {
             return std::vector<reply>{{answer_with_code(q, dns::response_code::refused)}};
         }},
        {"lame",
         [](auto const& q) {
             return std::vector<reply>{{answer_with_code(q, dns::response_code::noerror)}};
         }},
        {"garbage", [](auto const&) { return std::vector<reply>(40, {bytes(100, 0)}); }},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            world const w(all, c.upper);
            auto const found = w.servers_of("example.test");
            BOOST_REQUIRE(found);
            BOOST_TEST(addresses(*found) == server_a, per_element());
            BOOST_TEST((found->above.status == delegation_status::unknown));
            // Each is given up after one try, in which it is asked three times at most.
            BOOST_TEST(w.asked_at(upper_address) <= 3U);
            BOOST_TEST(w.asked_at(second_upper_address) <= 3U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_silent_parent_server_costs_one_head_start) {
    auto const all = tree(b_alone, a_alone);
    auto const honest = serving(all);
    world const w(all, [&](received_query const& q) {
        return q.address == upper_address ? std::vector<reply>() : honest(q);
    });
    auto const found = w.servers_of("example.test");
    BOOST_REQUIRE(found);
    BOOST_TEST(addresses(*found) == both_servers, per_element());
    // Until patience ends, it would be asked three times.
    BOOST_TEST(w.asked_at(upper_address) <= 2U);
    BOOST_TEST(w.asked_at(second_upper_address) == 1U);
}

BOOST_AUTO_TEST_CASE(a_resolver_that_knows_no_parent_is_not_asked_again) {
    world const w({example_zone(a_alone)});
    auto const found = w.servers_of("example.test");
    BOOST_REQUIRE(found);
    BOOST_TEST(addresses(*found) == server_a, per_element());
    BOOST_TEST((found->above.status == delegation_status::unknown));
    BOOST_TEST(!found->above.parent);
}

BOOST_AUTO_TEST_CASE(the_time_limit_covers_all_look_ups_together) {
    world const w(tree(b_alone, a_alone), [](auto const&) { return std::vector<reply>(); });
    BOOST_TEST(!!w.servers_of("example.test", std::chrono::milliseconds(200)));
    auto const asked = w.server.received().size();
    // With more time there are more repetitions.
    BOOST_TEST(!!w.servers_of("example.test", std::chrono::seconds(2)));
    BOOST_TEST(2 * asked < w.server.received().size());
}

BOOST_AUTO_TEST_CASE(a_wait_also_asks_the_delegated_servers) {
    auto options = quick();
    options.domains = {"example.test"};
    sandbox::local_digitalocean const s(options);
    auto all = tree(b_alone, a_alone);
    auto const without = serving(all);
    all.back().records.push_back("_acme-challenge.example.test TXT " + value_a);
    auto const with = serving(all);
    world const w(all, [&](received_query const& q) {
        return q.address == delegated_address ? without(q) : with(q);
    });
    user admin(s);
    admin.resolving_at(w.server.endpoint());
    auto const out = admin.run({"wait", "example.test", value_a, "--propagation-timeout", "0.5"});
    BOOST_TEST(out.status == 7);
    BOOST_TEST(
        out.err.find("0.5 s: b.example.test (127.53.8.4) answered NXDOMAIN") != std::string::npos,
        out.err
    );
}

BOOST_AUTO_TEST_CASE(a_run_asks_the_resolver_once) {
    world const w(tree(b_alone, a_alone));
    dns::resolver const r({w.server.endpoint()});
    auto const first = run(dns::authoritative_servers(r, parsed("example.test"), w.server.port()));
    auto const asked = w.asked_at("127.0.0.1");
    auto const second = run(dns::authoritative_servers(r, parsed("example.test"), w.server.port()));
    BOOST_TEST((first->servers == second->servers));
    BOOST_TEST(w.asked_at("127.0.0.1") == asked);
}

BOOST_AUTO_TEST_CASE(a_wait_in_a_zone_that_is_not_delegated_ends_at_once) {
    auto options = quick();
    options.domains = {"example.test"};
    sandbox::local_digitalocean const api(options);
    world const w(tree({}, {"example.test NS a.example.test"}));
    user admin(api);
    admin.resolving_at(w.server.endpoint());
    // Longer than any run may take here.
    auto const out =
        admin.run({"wait", "www.example.test", value_a, "--propagation-timeout", "600"});
    BOOST_TEST(out.status == 5);
    BOOST_TEST(
        out.err == "acme-dns01: error: zone example.test is not delegated: the name servers of "
                   "test have no NS records for it, so no CA finds it\n"
                   "acme-dns01: hint: add NS records for it to test, or delete the zone at "
                   "DigitalOcean so that its names belong to test\n"
    );
}

BOOST_AUTO_TEST_SUITE_END()
