#pragma once

#include "digitalocean/record.hpp"
#include "journal/store.hpp"
#include "preflight/finding.hpp"
#include "preflight/subject.hpp"
#include "preflight/zone_facts.hpp"
#include "services/accounts.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <vector>

namespace acme_dns01::preflight {

// What else the DNS and the account say about a challenge name and its neighbours.
struct challenge_facts {
    std::optional<dns::message> answer;  // for TXT at the end of the aliases
    bool was_asked = false;              // at the servers of the zone, which may have failed
    std::optional<dns::message> sibling; // for TXT at a random name beside the challenge name
    std::optional<dns::message> doubled; // for TXT at the challenge name with the zone after it
    // The account's TXT records at these names, asked for only if there are values that need none.
    std::vector<digitalocean::record> leftovers{};
};

// For a name of a zone: "_acme-challenge.example.com.example.com". Nothing if that is too long.
std::optional<dns::name> doubled_name(dns::name const& challenge, dns::name const& zone);

// Asks; `end` and `home` are the zones of both ends of the aliases, each nullptr if there is none.
// The values in `needed` are of runs that still need them.
boost::asio::awaitable<challenge_facts> survey_challenge(
    questions const& dns,
    services::accounts& all,
    subject const& s,
    zone_facts const* home,
    zone_facts const* end,
    std::vector<journal::entry> const& needed
);

// Where a CA looks for the record, and what it may find there instead: pure.
findings check_challenge(
    subject const& s, challenge_facts const& f, std::vector<journal::entry> const& needed
);

} // namespace acme_dns01::preflight
