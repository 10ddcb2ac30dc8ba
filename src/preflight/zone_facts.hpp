#pragma once

#include "dns/delegation.hpp"
#include "dns/exchange.hpp"
#include "dns/message.hpp"
#include "dns/validating_resolver.hpp"
#include "preflight/questions.hpp"
#include "services/accounts.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::preflight {

// What the DNS has answered about one zone. The probes of the zone judge it, without asking
// anything themselves.

// A name server's host name, as a resolver finds its addresses.
struct host_facts {
    dns::name host;
    std::vector<boost::asio::ip::address> addresses{};
    std::optional<dns::name> alias_of{}; // RFC 2181 10.3: it must not be one
    std::string failure{};               // why there is no address; empty if there is one
};

// One address of a name server, and what it answers to the question for the zone's SOA record.
struct server_facts {
    dns::name_server server;
    dns::endpoint at;
    result<dns::message> over_udp = error();
    result<dns::message> over_tcp = error();
    std::optional<result<dns::message>> without_edns{}; // asked if EDNS may be what it fails at
    std::optional<result<dns::message>> later{};        // asked again if it was behind others
    // To the other questions that all servers of the zone are asked.
    std::map<dns::question, result<dns::message>> answers{};
};

struct zone_facts {
    dns::name zone;
    bool is_in_account = false;
    dns::delegation above{};
    result<dns::message> own_ns = error();       // of the resolver
    std::vector<dns::name> own_hosts{};          // in it
    std::vector<dns::name> account_hosts{};      // asked only if the public ones are unusual
    std::vector<host_facts> hosts{};             // of all of them
    std::vector<server_facts> servers{};         // those that this host has a route to
    std::vector<dns::name_server> unreachable{}; // the others
    // Signatures checked.
    dns::validated soa{};
    dns::validated ds{};
    // Of the first server that answers, with signatures; asked only if there are DS records.
    result<dns::message> keys = error();
    result<dns::message> signed_soa = error();
    result<dns::message> nsec3 = error();
};

// Asks. The accounts are asked for the zone's NS records where the public ones are not
// DigitalOcean's.
boost::asio::awaitable<zone_facts>
survey_zone(questions const& dns, services::accounts& all, dns::name zone, bool is_in_account);

// Asks every server of the zone that answers the same question, and keeps the answers.
boost::asio::awaitable<void>
ask_servers(questions const& dns, zone_facts& of, std::vector<dns::question> asked);

// The answer over UDP, with EDNS or without, if it is one with authority; else nullptr.
dns::message const* good_answer(server_facts const& s, dns::name const& zone);

// "ns1.example.net (192.0.2.1)".
std::string label_of(server_facts const& s);

// The first answer of a good server; nullptr if there is none.
dns::message const* answer_to(zone_facts const& f, dns::question const& asked);

// The serial number in an answer to the question for the SOA record.
std::optional<std::uint32_t> serial_in(dns::message const& m, dns::name const& zone);

// RFC 1982 3.2.
bool is_behind(std::uint32_t serial, std::uint32_t other);

} // namespace acme_dns01::preflight
