#include "support/scripted_zones.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(integration_dead_addresses)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

constexpr auto first_address = "127.53.13.1";
constexpr auto second_address = "127.53.13.2";
constexpr auto ipv6_address = "::1";
constexpr int names_max = 20;

std::string domain(int i) { return "h" + std::to_string(i) + ".example.com"; }

// Two name servers, the second with an IPv6 address as well, and twenty names' records.
std::vector<scripted_zone> with_ipv6(texts const& listening) {
    scripted_zone zone{
        "example.com",
        listening,
        {"example.com NS ns1.example.com",
         "example.com NS ns2.example.com",
         "ns1.example.com A 127.53.13.1",
         "ns2.example.com A 127.53.13.2",
         "ns2.example.com AAAA ::1"}};
    for (int i = 0; i < names_max; ++i)
        zone.records.push_back("_acme-challenge." + domain(i) + " TXT " + value_a);
    return {zone};
}

texts const everywhere{first_address, second_address, ipv6_address};

struct world {
    // Nobody answers at `dead`, if there is somebody at all.
    explicit world(std::string const& dead, texts const& listening = everywhere)
        : honest(serving(with_ipv6(listening)))
        , server(
              [this, dead](received_query const& q) {
                  return q.address == dead ? std::vector<reply>() : honest(q);
              },
              addresses_for(with_ipv6(listening))
          ) {
        admin.resolving_at(server.endpoint());
    }

    test::outcome wait_for(int names, texts const& options) const {
        texts line{"wait"};
        for (int i = 0; i < names; ++i)
            line.insert(line.end(), {domain(i), value_a});
        line.insert(line.end(), {"--settle", "0", "--json"});
        line.insert(line.end(), options.begin(), options.end());
        return admin.run(line);
    }

    std::size_t asked_at(std::string_view address) const {
        auto const all = server.received();
        return static_cast<std::size_t>(std::ranges::count(all, address, &received_query::address));
    }

    sandbox::local_digitalocean api{quick()};
    script honest;
    scripted_name_server server;
    user admin{api};
};

double elapsed_of(test::outcome const& out) {
    return json::parse(out.out).at("propagation").at("elapsed").to_number<double>();
}

// "127.53.13.1 serving", ...
texts states_of(test::outcome const& out) {
    texts states;
    auto const told = json::parse(out.out);
    for (auto const& server : told.at("propagation").at("servers").as_array()) {
        auto const& fields = server.as_object();
        states.push_back(
            std::string(fields.at("address").as_string()) + " " +
            std::string(fields.at("state").as_string())
        );
    }
    return states;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_server_is_also_asked_at_its_ipv6_address) {
    world const w("");
    auto const out = w.wait_for(1, {});
    BOOST_TEST(out.status == 0, out.err);
    texts const expected{"127.53.13.1 serving", "127.53.13.2 serving", "::1 serving"};
    BOOST_TEST(states_of(out) == expected, boost::test_tools::per_element());
    BOOST_TEST(w.asked_at(ipv6_address) >= 2U);
}

BOOST_AUTO_TEST_CASE(the_wait_includes_the_ipv6_address) {
    auto const without =
        serving({{"example.com", {ipv6_address}, {"example.com NS ns2.example.com"}}});
    auto const with = serving(with_ipv6(everywhere));
    auto const published = clock::now() + std::chrono::seconds(2);
    scripted_name_server const server(
        [&](received_query const& q) {
            auto const is_late = q.address == ipv6_address && clock::now() < published;
            return is_late ? without(q) : with(q);
        },
        addresses_for(with_ipv6(everywhere))
    );
    sandbox::local_digitalocean const api(quick());
    user admin(api);
    admin.resolving_at(server.endpoint());
    auto const out = admin.run({"wait", domain(0), value_a, "--settle", "0"});
    BOOST_TEST(out.status == 0, out.err);
    BOOST_TEST((clock::now() >= published));
}

BOOST_AUTO_TEST_CASE(a_dead_address_costs_its_grace_once_whatever_its_family) {
    struct {
        std::string address;
        std::string host;
        bool is_silent; // else nobody listens there
    } const cases[] = {
        {ipv6_address, "ns2.example.com", true},
        {ipv6_address, "ns2.example.com", false},
        {first_address, "ns1.example.com", true},
        {first_address, "ns1.example.com", false},
    };
    for (auto const& c : cases) {
        // For one name and for twenty.
        std::vector<double> elapsed;
        for (auto const names : {1, names_max}) {
            BOOST_TEST_CONTEXT(c.address << (c.is_silent ? " silent, " : " closed, ") << names) {
                auto listening = everywhere;
                if (!c.is_silent) std::erase(listening, c.address);
                world const w(c.address, listening);
                auto const out = w.wait_for(names, {"--grace", "1.5"});
                BOOST_TEST(out.status == 0);
                BOOST_TEST(
                    out.err == "acme-dns01: warning: " + c.host + " (" + c.address +
                                   ") was not waited for: unreachable\n"
                );
                elapsed.push_back(elapsed_of(out));
            }
        }
        BOOST_TEST(elapsed.front() >= 1.5);
        BOOST_TEST(elapsed.back() < 4 * elapsed.front());
    }
}

BOOST_AUTO_TEST_SUITE_END()
