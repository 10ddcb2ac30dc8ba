#pragma once

#include "challenge/wait/zone_check.hpp"
#include "dns/delegation.hpp"
#include "dns/exchange.hpp"
#include "dns/message.hpp"
#include "dns/validating_resolver.hpp"
#include "preflight/questions.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <set>
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
    // To the other questions about the zone.
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
    // For a name that does not exist, signatures checked; asked only if there are DS records.
    std::optional<dns::validated> denial{};
};

// A zone to ask about, and the questions to its servers after that for the SOA record.
struct zone_plan {
    dns::name zone;
    bool is_in_account = false;
    std::set<dns::question> of_all{}; // each server has to give the same answer
    std::set<dns::question> of_two{}; // one answer would do, and a second server may have it
};

// Asks. The account is asked for the zone's NS records where the public ones are not
// DigitalOcean's. Each server is asked about the zone first, and everything else as soon as it has
// answered that: one that is silent holds up no other.
boost::asio::awaitable<zone_facts>
survey_zone(questions const& dns, challenge::hosts_in_account ask_account, zone_plan plan);

// Those that the zone above or the zone itself names: resolvers ask the servers of either.
std::set<dns::name> public_hosts(zone_facts const& f);

// The answer over UDP, with EDNS or without, if it is one with authority; else nullptr.
dns::message const* good_answer(server_facts const& s, dns::name const& zone);

// "ns1.example.net (192.0.2.1)".
std::string label_of(server_facts const& s);

// The first answer of a good server; nullptr if all have failed.
dns::message const* answer_to(zone_facts const& f, dns::question const& asked);

// The serial number in an answer to the question for the SOA record.
std::optional<std::uint32_t> serial_in(dns::message const& m, dns::name const& zone);

// RFC 1982 3.2.
bool is_behind(std::uint32_t serial, std::uint32_t other);

} // namespace acme_dns01::preflight
