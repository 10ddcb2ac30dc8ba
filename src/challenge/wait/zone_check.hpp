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

// The servers of the account's zone in the public DNS. error_kind::zone_not_found where the zone is
// not delegated; error_kind::dns_failure where no servers can be found.
async_result<dns::zone_servers>
public_servers(dns::resolver resolver, dns::name zone, std::uint16_t port);

// The public DNS has another zone between the account's and the name.
error delegated_further(dns::name const& fqdn, dns::name const& zone, dns::name const& below);

// The same, found during the wait: a server has referred to that zone, and no server that can be
// reached has answered for the name itself.
std::optional<error> found_further_down(wait_state const& state);

// None of the public servers has a name of DigitalOcean's. They may still be DigitalOcean's, under
// vanity names.
bool looks_foreign(dns::zone_servers const& publicly);

// None of the servers that the account has for the zone is one that the public DNS has, neither by
// name nor by address. No error where the servers of either are unknown.
std::optional<error> hosted_elsewhere(
    dns::name const& zone,
    dns::zone_servers const& publicly,
    std::vector<dns::name> const& account_hosts,
    std::vector<dns::name_server> const& account_servers
);

// Asks the account that has the zone for its NS records. A wait without a token, or without a way
// to the API, goes on without. The accounts must outlive the function.
hosts_in_account asks_account(services::accounts& all, log notes);

// Asks the account, and the resolver for its servers' addresses.
boost::asio::awaitable<std::optional<error>> check_zone(
    dns::resolver resolver,
    dns::name zone,
    dns::zone_servers publicly,
    hosts_in_account ask_account,
    deadline end
);

} // namespace acme_dns01::challenge
