#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "challenge/allow_list.hpp"
#include "preflight/caa.hpp"
#include "preflight/finding.hpp"
#include "preflight/subject.hpp"
#include "services/accounts.hpp"
#include "services/resolvers.hpp"
#include "services/state_folder.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <vector>

namespace acme_dns01::preflight {

// The services that the probes ask; all must outlive the check.
struct services_to_ask {
    services::accounts& accounts;
    services::resolvers& dns;
    services::state_folder& state;
    challenge::allow_list const& allow;
    log notes;
    // Creates, awaits and removes a record in a zone without errors; empty: nothing is written.
    std::function<boost::asio::awaitable<findings>(dns::name zone)> write_test{};
};

// All that a CA and our hooks will need for these domains: one list of findings, in the order of
// check_id, and of the domains for each. Nothing is changed without write_test: the scopes of a
// token are found out by requests that cannot succeed. Every domain of all is asked about at once,
// with at most 64 questions in flight; what does not answer costs its own limit.
//
// The accounts are asked for their zones as they are now. Each server of a zone is asked the same
// few questions once, however many domains are in it. No resolver is asked about a challenge name.
boost::asio::awaitable<findings>
check(services_to_ask by, std::vector<subject> subjects, issuance how);

} // namespace acme_dns01::preflight
