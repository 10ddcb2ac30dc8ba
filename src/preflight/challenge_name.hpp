#pragma once

#include "digitalocean/record.hpp"
#include "journal/store.hpp"
#include "preflight/finding.hpp"
#include "preflight/subject.hpp"
#include "preflight/zone_facts.hpp"
#include "services/accounts.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
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

// The questions to the zones' servers about a challenge name.
struct challenge_questions {
    dns::question at_end;                   // what a CA asks
    std::optional<dns::question> beside{};  // what only a wildcard answers
    std::optional<dns::question> doubled{}; // at the home zone
};

challenge_questions questions_about(subject const& s);

// From the answers; `end` and `home` are the zones of both ends of the aliases, nullptr if unknown.
challenge_facts
facts_in(challenge_questions const& asked, zone_facts const* home, zone_facts const* end);

// Asks the account for the values that no run needs any more. Those in `needed` are of runs that
// still do.
boost::asio::awaitable<challenge_facts> with_leftovers(
    services::accounts& all,
    subject const& s,
    challenge_facts f,
    std::vector<journal::entry> const& needed
);

// Where a CA looks for the record, and what it may find there instead: pure.
findings check_challenge(
    subject const& s, challenge_facts const& f, std::vector<journal::entry> const& needed
);

} // namespace acme_dns01::preflight
