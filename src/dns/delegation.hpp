#pragma once

#include "dns/resolver.hpp"

#include <boost/asio/ip/address.hpp>

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

} // namespace acme_dns01::dns
