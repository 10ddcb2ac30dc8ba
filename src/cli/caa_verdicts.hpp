#pragma once

#include "base/async_result.hpp"
#include "cli/commands/invocation.hpp"
#include "cli/output/caa_report.hpp"
#include "digitalocean/requester.hpp"

#include <vector>

namespace acme_dns01::cli {

// So many domains are looked up at once; their levels share the resolver's own limit, which they
// keep it busy to.
constexpr std::size_t domains_at_once = 64;

// A CA gives up sooner; a dead name server costs the resolver's library some 17 s.
constexpr std::chrono::seconds look_up_limit{20};

// The climbs of these domains, in their order, with progress on a terminal. Fails only where there
// is no resolver to ask: error_kind::configuration, or error_kind::dns_failure where there should
// be.
async_result<std::vector<std::vector<caa::level>>> climbs_of(
    invocation& call, std::vector<dns::name> domains, clock::duration patience = look_up_limit
);

// What makes the verdicts worth less, if anything does.
void warn_of_resolver(invocation& call);

async_result<std::vector<checked>> verdicts(
    invocation& call, std::vector<caa::request> requests, clock::duration patience = look_up_limit
);

} // namespace acme_dns01::cli
