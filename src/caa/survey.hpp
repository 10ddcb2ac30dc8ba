#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "caa/decision.hpp"
#include "dns/validating_resolver.hpp"
#include "services/resolvers.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace acme_dns01::caa {

// Asks for the CAA records of a domain (without "*.") and of every name above it, the TLD last, all
// at once: it takes as long as the slowest of them. What has not come within `patience` has failed.
// The keys and delegations of all are asked for beside them: validation need not ask for them in
// turn, and they show which names exist although they are missing when asked for CAA.
boost::asio::awaitable<std::vector<level>>
look_up(dns::validating_resolver const& r, dns::name domain, clock::duration patience);

// This many domains are looked up at once; the resolver has a limit of its own for their levels.
inline constexpr std::size_t domains_at_once = 64;

// A CA gives up sooner; a dead name server costs libunbound some 17 s.
inline constexpr std::chrono::seconds look_up_limit{20};

// A CAA verdict must not hold up a challenge for long.
inline constexpr std::chrono::seconds hook_look_up_limit{5};

// The levels of each domain, in the order of the domains, with progress in the log. Fails only if
// there is no resolver to ask: error_kind::configuration, or error_kind::dns_failure.
async_result<std::vector<std::vector<level>>> look_up_all(
    services::resolvers& by,
    std::vector<dns::name> domains,
    log notes,
    clock::duration patience = look_up_limit
);

// The decision for one domain.
struct checked {
    request asked;
    std::vector<level> climb;
    decision decided;
};

// The decisions, in the order of the requests; a domain and its wildcard share their look-ups.
// Fails as look_up_all does.
async_result<std::vector<checked>> decide_all(
    services::resolvers& by,
    std::vector<request> requests,
    log notes,
    clock::duration patience = look_up_limit
);

// A verdict other than permitted as an error that names the domain: error_kind::caa_forbidden or
// error_kind::dns_failure.
error objection_of(checked const& c);

// Whether a CA may issue for these domains, in their order. Hooks do not learn whether a domain or
// its wildcard is meant: what is permitted for either passes. error_kind::caa_forbidden for a
// domain that does not pass. A verdict that cannot be determined is a warning: the CA may have
// better luck.
boost::asio::awaitable<std::vector<result<void>>>
check_permission(services::resolvers& by, issuer ca, std::vector<std::string> domains, log notes);

} // namespace acme_dns01::caa
