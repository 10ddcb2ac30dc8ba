#pragma once

#include "cli/session.hpp"

namespace acme_dns01::cli {

// The wait as every command does it. On a terminal a line per address is redrawn in place; without
// one, --verbose notes each change of an address's state as it happens. An address that was not
// waited for is worth a warning.
digitalocean::awaitable_result<challenge::propagation_report>
wait_for(session& s, std::vector<challenge::target> targets);

} // namespace acme_dns01::cli
