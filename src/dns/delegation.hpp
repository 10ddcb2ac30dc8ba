#pragma once

#include "base/async_result.hpp"
#include "dns/name_servers.hpp"

#include <optional>
#include <vector>

namespace acme_dns01::dns {

// What the servers of the zone above say about a zone: where the public DNS begins to look for it.
enum class standing { delegated, not_delegated, unknown };

struct delegation {
    standing is = standing::unknown;
    // The zone above; nothing where the resolver does not tell.
    std::optional<name> parent;
    // Whom it is delegated to.
    std::vector<name> hosts;
};

// What one answer of a server of the zone above means, which was asked for the zone's NS records. A
// server that serves both zones answers for the lower one, and so leads to it. Unknown is whatever
// comes without authority, and any failure.
standing standing_in(message const& answer, name const& zone);

// Asks a few of the servers of the zone above directly, on `port`, one after the other until one
// delegates the zone; not delegated is what none of them delegates. Nobody else is asked about
// anything but the names above the zone. Unknown where they cannot be found, or do not answer, in
// parent_limit or the resolver's limit.
boost::asio::awaitable<delegation> delegation_of(resolver const& r, name zone, std::uint16_t port);

constexpr clock::duration parent_limit = std::chrono::seconds(3);

struct zone_servers {
    // Every address, IPv4 and IPv6, of every name server that the zone's own NS records or its
    // delegation name, sorted by host and address, each address once.
    std::vector<name_server> servers;
    delegation above;
};

// Both look-ups at once, in twice the resolver's limit. error_kind::dns_failure where neither names
// a server that has an address.
async_result<zone_servers> authoritative_servers(resolver const& r, name zone, std::uint16_t port);

// The zone that the public DNS takes a challenge name to be in; nothing where it does not tell. The
// resolver is asked about the name above only, and the challenge name itself, which may be a zone
// of its own, at that zone's servers, on `port`.
boost::asio::awaitable<std::optional<name>>
public_zone(resolver const& r, name challenge_name, std::uint16_t port);

} // namespace acme_dns01::dns
