#pragma once

#include "dns/resolver.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <vector>

namespace acme_dns01::dns {

// One address of one name server.
struct name_server {
    name host;
    boost::asio::ip::address address;
    friend bool operator==(name_server const&, name_server const&) = default;
};

// Every address, IPv4 and IPv6, of every name server of the zone, sorted by host and address, each
// address once. error_kind::dns_failure where the public DNS knows no servers for the zone, or none
// of them has an address.
boost::asio::awaitable<result<std::vector<name_server>>>
authoritative_servers(resolver const& r, name zone);

// The zone that the public DNS takes a challenge name to be in; nothing where it does not tell. The
// resolver is asked about the name above only, and the challenge name itself, which may be a zone
// of its own, at that zone's servers, on `port`.
boost::asio::awaitable<std::optional<name>>
public_zone(resolver const& r, name challenge_name, std::uint16_t port);

} // namespace acme_dns01::dns
