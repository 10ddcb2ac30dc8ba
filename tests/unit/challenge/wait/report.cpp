#include "challenge/wait/state.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(challenge_wait_report)

using namespace acme_dns01;
using namespace acme_dns01::challenge;

namespace {

// `names` names, each asked for at `addresses` addresses, in this state.
struct world {
    world(std::size_t names, std::size_t addresses, server_state seen) : state(io.get_executor()) {
        auto const zone = dns::name::parse("example.com").value();
        for (std::size_t i = 0; i < names; ++i) {
            auto const fqdn = zone.child("n" + std::to_string(i)).value();
            state.names.push_back({fqdn, dns::record_type::txt, {"value"}, zone});
        }
        for (std::size_t i = 0; i < addresses; ++i) {
            auto const number = std::to_string(i + 1);
            auto const address = boost::asio::ip::make_address("192.0.2." + number);
            state.servers.push_back({"ns" + number + ".example.com", {address, 53}});
        }
        for (std::size_t i = 0; i < names * addresses; ++i)
            add_probe(i / addresses, i % addresses, seen);
    }

    void add_probe(std::size_t name, std::size_t address, server_state seen) {
        probe p;
        p.name = name;
        p.address = address;
        observe(p, seen, clock::now());
        state.probes.push_back(p);
        state.last_answers.push_back({dns::response_code::nxdomain, 0, std::nullopt});
    }

    std::string message() const { return timed_out(state, {}).message; }
    std::string hint() const { return timed_out(state, {}).hint; }

    boost::asio::io_context io;
    wait_state state;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_server_that_lacks_many_names_is_named_once) {
    BOOST_TEST(
        world(20, 2, server_state::missing).message() ==
        "not on every authoritative server after 120.0 s: "
        "ns1.example.com (192.0.2.1) answered NXDOMAIN for n0.example.com and 19 other names; "
        "ns2.example.com (192.0.2.2) answered NXDOMAIN for n0.example.com and 19 other names"
    );
}

BOOST_AUTO_TEST_CASE(at_most_six_servers_are_named) {
    auto const text = world(1, 8, server_state::missing).message();
    BOOST_TEST(text.find("ns6.example.com (192.0.2.6)") != std::string::npos, text);
    BOOST_TEST(text.ends_with("; and 2 more"), text);
    BOOST_TEST(
        world(3, 8, server_state::unreachable).message() ==
        "none of the authoritative servers answered: ns1.example.com (192.0.2.1), "
        "ns2.example.com (192.0.2.2), ns3.example.com (192.0.2.3), ns4.example.com (192.0.2.4), "
        "ns5.example.com (192.0.2.5), ns6.example.com (192.0.2.6), and 2 more"
    );
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_confirm_is_named) {
    world w(1, 2, server_state::serving);
    w.state.probes[1].in_flight = true;
    BOOST_TEST(
        w.message() ==
        "not on every authoritative server after 120.0 s: ns2.example.com (192.0.2.2) "
        "did not confirm n0.example.com"
    );
}

BOOST_AUTO_TEST_CASE(answers_without_authority_point_to_something_in_between) {
    world w(1, 2, server_state::lame);
    BOOST_TEST(
        w.message() == "every authoritative server answered without authority: ns1.example.com "
                       "(192.0.2.1), ns2.example.com (192.0.2.2); a router, firewall or provider "
                       "seems to answer in their place"
    );
    BOOST_TEST(
        w.hint() == "use --propagation resolver to ask recursive resolvers instead, or let this "
                    "host reach port 53 of these servers directly"
    );
    w.add_probe(0, 0, server_state::missing);
    BOOST_TEST(w.message().starts_with("not on every authoritative server after 120.0 s: "));
    BOOST_TEST(w.hint() == "try again, or allow more time with --propagation-timeout");
}

BOOST_AUTO_TEST_CASE(a_server_that_could_not_be_asked_is_not_blamed) {
    world w(1, 1, server_state::unsent);
    BOOST_TEST(
        w.message() == "not on every authoritative server after 120.0 s: ns1.example.com "
                       "(192.0.2.1) could not be asked, since this host is out of file "
                       "descriptors, for n0.example.com"
    );
    BOOST_TEST(
        w.hint() == "allow this process more open files (ulimit -n, or LimitNOFILE= of systemd)"
    );
}

BOOST_AUTO_TEST_SUITE_END()
