#pragma once

#include "base/async_result.hpp"
#include "cli/session.hpp"

namespace acme_dns01::cli {

// The wait as every command does it. On a terminal a line per address is redrawn in place; without
// one, --verbose notes each change of an address's state as it happens. An address that was not
// waited for is worth a warning.
async_result<challenge::propagation_report>
wait_for(session& s, std::vector<challenge::target> targets);

// Asks the account whose zone it is for its name servers; the session has to outlive it.
challenge::hosts_in_account asks_account(session& s);

} // namespace acme_dns01::cli
