#pragma once

#include "preflight/finding.hpp"
#include "preflight/zone_facts.hpp"

#include <vector>

namespace acme_dns01::preflight {

// Whether every server of the zone answers, by UDP and TCP, with authority and with EDNS, and
// whether all are up to date: pure. A server that fails is a warning while others answer: resolvers
// ask those.
findings check_servers(zone_facts const& f);

// Whether all of them answer this question, and alike.
findings check_answers(zone_facts const& f, dns::question const& asked);

// The records that an answer has for the question, sorted: what has to be alike.
std::vector<std::string> data_for(dns::message const& m, dns::question const& asked);

} // namespace acme_dns01::preflight
