#pragma once

#include "challenge/wait/loop.hpp"
#include "cli/commands/invocation.hpp"

namespace acme_dns01::cli {

// The wait as every command does it. On a terminal a line per address is redrawn in place; without
// one, --verbose notes each change of an address's state as it happens. An address that was not
// waited for is worth a warning. Nothing is asked where there is no target.
async_result<challenge::propagation_report> wait_for(invocation& call, challenge::targets wanted);

} // namespace acme_dns01::cli
