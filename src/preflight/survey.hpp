#pragma once

#include "caa/decision.hpp"
#include "challenge/allow_list.hpp"
#include "journal/store.hpp"
#include "persist/check.hpp"
#include "preflight/account.hpp"
#include "preflight/challenge_name.hpp"
#include "preflight/check.hpp"
#include "preflight/questions.hpp"
#include "preflight/subject.hpp"
#include "preflight/zone_facts.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <vector>

namespace acme_dns01::preflight {

// What the DNS and the account say about all domains of a check. Everything of all of them is asked
// at once; the zones' servers are asked the same few questions once, however many domains they
// have.

using zones = std::map<dns::name, zone_facts>;
using climbs = std::map<dns::name, std::vector<caa::level>>; // by the domain without "*."

// Fills in the aliases of each subject, and what forbids their end.
boost::asio::awaitable<void>
follow_aliases(questions const& dns, challenge::allow_list const& allow, std::vector<subject>& all);

struct facts {
    zones by_name;
    std::vector<challenge_facts> challenges; // in the order of the subjects
    climbs by_domain;                        // empty without a resolver that validates
    // For the CA and account of the issuance, so far as they are named; in the same order.
    result<std::vector<persist::checked>> standing = error();
    findings about_accounts;
};

// Everything else. The rows are of runs that still need them.
boost::asio::awaitable<facts> survey(
    questions const& dns,
    services_to_ask const& by,
    std::vector<subject> const& all,
    issuance const& how,
    zone_report const& accounts,
    std::vector<journal::entry> const& needed
);

// What a CA asks the zone's servers for on its way up from the domain (RFC 8659 3).
std::vector<dns::question> caa_questions(subject const& s, dns::name const& home);

// Nullptr if the zone is not among them.
zone_facts const* facts_of(zones const& all, std::optional<dns::name> const& zone);

} // namespace acme_dns01::preflight
