#pragma once

#include "preflight/finding.hpp"
#include "preflight/subject.hpp"
#include "preflight/zone_facts.hpp"

#include <boost/asio/ip/address.hpp>

namespace acme_dns01::preflight {

// Whether resolvers find the zone's servers, and find the same ones that the account means: pure.
// `port` is that of authoritative servers: where it is not 53 the DNS is a private one for tests,
// and its servers may have loopback addresses.
findings check_delegation(zone_facts const& f, std::uint16_t port);

// The same for one name of the zone: whether the zone delegates it further.
findings check_cut(subject const& s);

// Let's Encrypt's resolver asks no server at a private, loopback, link-local or reserved address
// (RFC 6890).
bool is_public(boost::asio::ip::address const& address);

} // namespace acme_dns01::preflight
