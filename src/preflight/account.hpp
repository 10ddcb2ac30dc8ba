#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "digitalocean/retry.hpp"
#include "preflight/finding.hpp"
#include "preflight/subject.hpp"
#include "services/accounts.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::preflight {

// Of one account, after it was asked for its zones.
struct asked_account {
    services::account* at = nullptr;
    std::optional<error> failure; // of the API: nothing else can be found out
    dns::name probed;             // the zone whose scopes are asked for
    bool has_zone = false;
    std::size_t domains = 0;
};

struct zone_report {
    std::vector<findings> zones; // in the order of the subjects
    findings without_token;
    std::vector<asked_account> accounts;
};

// Fills in the zone of each subject, and its home zone. The zones are those of now, whatever
// earlier runs remember. What is wrong with the account of a subject comes again as `not_checked`
// among the findings of its zone.
boost::asio::awaitable<zone_report>
find_zones(services::accounts& all, std::vector<subject>& subjects);

// Token, clock and rate, once for each account. Asks for the scopes.
boost::asio::awaitable<findings> check_accounts(zone_report const& of);

// This host's clock against the API's: pure. A certificate of Let's Encrypt is valid from an hour
// before it was issued.
finding check_clock(std::string const& account, std::optional<digitalocean::sighting> const& seen);

// Whether the limits leave enough for `needed` requests: pure.
finding check_rate(
    std::string const& account,
    std::optional<digitalocean::sighting> const& seen,
    std::size_t needed
);

// The scopes of a token; nothing where it could not be found out.
struct token_scopes {
    std::optional<bool> reads;
    std::optional<bool> creates;
    std::optional<bool> removes;
};

finding check_scopes(services::account::token_origin const& from, token_scopes const& has);

} // namespace acme_dns01::preflight
