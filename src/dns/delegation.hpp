#pragma once

#include "base/async_result.hpp"
#include "dns/resolver.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <vector>

namespace acme_dns01::dns {

// Which name servers a zone has: by its own NS records and by the parent zone.

// One address of one name server.
struct name_server {
    name host;
    boost::asio::ip::address address;
    friend bool operator==(name_server const&, name_server const&) = default;
};

enum class delegation_status { delegated, not_delegated, unknown };

// A zone according to its parent zone's servers. Resolvers look for it there.
struct delegation {
    delegation_status status = delegation_status::unknown;
    // The parent zone; nothing if the resolver does not know it.
    std::optional<name> parent;
    // The hosts of the delegation's NS records.
    std::vector<name> hosts;
    // The addresses that came with them, of hosts within the zone.
    std::vector<name_server> glue{};
};

// The meaning of a parent zone's server's answer to the question for the zone's NS records. A
// server of both zones answers for the lower one, so it delegates. Unknown is any failure, and
// whatever comes without authority.
delegation_status delegation_status_in(message const& answer, name const& zone);

// Asks up to three servers of the parent zone, on `port`, one after the other until one delegates
// the zone. The resolver is asked only about the names above the zone. Unknown if the servers
// cannot be found or do not answer within parent_limit or the resolver's limit.
boost::asio::awaitable<delegation> delegation_of(resolver const& r, name zone, std::uint16_t port);

constexpr clock::duration parent_limit = std::chrono::seconds(3);

struct zone_servers {
    // Every address, IPv4 and IPv6, of every name server in the zone's own NS records or its
    // delegation, sorted by host and address, each address once.
    std::vector<name_server> servers;
    // According to the parent zone.
    delegation above;
};

// Makes both look-ups at once, within the resolver's limit. error_kind::dns_failure if
// neither names a server that has an address.
async_result<zone_servers> authoritative_servers(resolver const& r, name zone, std::uint16_t port);

// The zone of a challenge name in the public DNS; nothing if that cannot be found out, and for the
// root, which only a name below no top-level domain is in. The resolver
// is asked only about the name above. The challenge name itself, which may be a zone of its own, is
// asked about at that zone's servers, on `port`.
boost::asio::awaitable<std::optional<name>>
public_zone(resolver const& r, name challenge_name, std::uint16_t port);

// The steps of these look-ups.

// The hosts of the zone's NS records, in their order; at most hosts_max.
std::vector<name> hosts_of(std::vector<record> const& records, name const& zone);

// The root has 13 servers with 26 addresses, and large providers give each server up to four. A few
// times that is enough for every zone. Without a bound, a zone could keep us busy with thousands of
// addresses. Those beyond it are not asked.
constexpr std::size_t hosts_max = 32;
constexpr std::size_t addresses_of_host_max = 8; // of IPv4, and as many of IPv6
constexpr std::size_t addresses_of_zone_max = 128;

// Every address of the zone's own name servers, of the first `hosts_asked_max` alone.
// error_kind::dns_failure: "the name servers of zone <zone> cannot be found: <why>".
async_result<std::vector<name_server>>
own_servers(resolver const& r, name zone, deadline until, std::size_t hosts_asked_max = hosts_max);

// Every address, IPv4 and IPv6, of all hosts, looked up at once, sorted by host and address, each
// address once. error_kind::dns_failure if no address is found, or this host could not ask:
// no server may be left out for that.
async_result<std::vector<name_server>>
addresses_of(resolver const& r, std::vector<name> hosts, deadline until);

// The first `count_max` addresses that this host has a route to, IPv4 before IPv6, so that broken
// IPv6 costs nothing.
std::vector<endpoint>
reachable(std::vector<name_server> const& servers, std::uint16_t port, std::size_t count_max);

// The zone of a name, from an answer to the question for the name's SOA record: the record is in
// the answer or, for a name below the apex, in the authority section (RFC 2308 2). Nothing if the
// name is an alias: then the record is that of the target's zone.
std::optional<name> zone_named_in(message const& answer, name const& asked);

} // namespace acme_dns01::dns
