#pragma once

#include "base/async_result.hpp"
#include "dns/resolver.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace acme_dns01::dns {

// One address of one name server.
struct name_server {
    name host;
    boost::asio::ip::address address;
    friend bool operator==(name_server const&, name_server const&) = default;
};

// The hosts of the NS records for the zone, in the order they came in; at most hosts_max of them.
std::vector<name> hosts_of(std::vector<record> const& records, name const& zone);

// The DNS itself gets along with 13 servers for the root; a zone with more is not ours to serve.
constexpr std::size_t hosts_max = 32;

// Every address, IPv4 and IPv6, of all hosts, looked up at once, sorted by host and address, each
// address once. error_kind::dns_failure where there is none.
async_result<std::vector<name_server>>
addresses_of(resolver const& r, std::vector<name> hosts, deadline until);

// Those of the zone's own NS records, as the public DNS tells them. error_kind::dns_failure where
// it knows none, or none of them has an address.
async_result<std::vector<name_server>> own_servers(resolver const& r, name zone);

// Those worth asking one after the other: with a route, IPv4 first, so that a dead IPv6 costs
// nothing.
std::vector<endpoint>
askable(std::vector<name_server> const& servers, std::uint16_t port, std::size_t count_max);

// The zone that a name is in, from the answer to the question for its SOA record, which is there
// either as the answer or with its absence (RFC 2308 2). Nothing behind an alias: there it is that
// of the zone where the alias leads.
std::optional<name> apex_named_in(message const& answer, name const& asked);

void sort_and_thin(std::vector<name_server>& servers);

error no_servers(name const& zone, std::string_view why);

} // namespace acme_dns01::dns
