#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "challenge/wait/state.hpp"
#include "services/accounts.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>

namespace acme_dns01::challenge {

// Where the account's zone and what the public DNS makes of it differ, no time will make the record
// seen: that is told at once, as error_kind::zone_not_found.

// The servers of the account's zone as the public DNS has them. Where it is no zone to the public,
// that is the error; error_kind::dns_failure where no servers can be found.
async_result<dns::zone_servers>
public_servers(dns::resolver resolver, dns::name zone, std::uint16_t port);

// The public DNS has another zone between the account's and the name.
error delegated_further(dns::name const& fqdn, dns::name const& zone, dns::name const& below);

// The same where it is seen in the wait: a server has referred to that zone, and none has
// answered for the name itself, of all that can be heard.
std::optional<error> found_further_down(wait_state const& state);

// Not one of the public DNS' servers is DigitalOcean's by its name. It may be all the same: under a
// name of the customer's, or in a test.
bool looks_foreign(dns::zone_servers const& publicly);

// None of the servers that the account has for the zone is one that the public DNS has, neither by
// name nor by address. Nothing where that cannot be told.
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
