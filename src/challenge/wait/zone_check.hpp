#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "challenge/wait/state.hpp"
#include "services/accounts.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>

namespace acme_dns01::challenge {

// Compares the account's zone with the public DNS. Where they differ, no wait makes the record
// visible to a CA, so the error comes at once: error_kind::zone_not_found.

// The servers of the account's zone in the public DNS. error_kind::zone_not_found if the zone is
// not delegated; error_kind::dns_failure if no servers can be found.
async_result<dns::zone_servers>
public_servers(dns::resolver resolver, dns::name zone, std::uint16_t port);

inline constexpr auto delegation_hint =
    "check that the domain is delegated to ns1.digitalocean.com, ns2.digitalocean.com and "
    "ns3.digitalocean.com at its registrar";

// The zone's parent zone has no NS records for it.
error not_delegated(dns::name const& zone, std::optional<dns::name> const& parent);

// The public DNS has another zone between the account's zone and the name.
error delegated_further(dns::name const& fqdn, dns::name const& zone, dns::name const& below);

// The same error, found during the wait: a server has referred to that zone, and no server that can
// be reached has answered for the name itself.
std::optional<error> found_further_down(wait_state const& state);

// True if no public server has a host name of DigitalOcean's. They may still be DigitalOcean's,
// under vanity names.
bool looks_foreign(dns::zone_servers const& publicly);

// The error if no server that the account has for the zone is one of the public servers, by name or
// by address. No error while the servers of either are unknown.
std::optional<error> hosted_elsewhere(
    dns::name const& zone,
    dns::zone_servers const& publicly,
    std::vector<dns::name> const& account_hosts,
    std::vector<dns::name_server> const& account_servers
);

// Asks the account that has the zone for its NS records. Without a token, or if the API cannot be
// reached, there are no hosts. The accounts must outlive the function.
hosts_in_account asks_account(services::accounts& all, log notes);

// The same check, if the public servers look foreign: asks the account for its servers and the
// resolver for their addresses.
boost::asio::awaitable<std::optional<error>> check_zone(
    dns::resolver resolver,
    dns::name zone,
    dns::zone_servers publicly,
    hosts_in_account ask_account,
    deadline end
);

} // namespace acme_dns01::challenge
