#pragma once

#include "cli/session.hpp"

namespace acme_dns01::cli {

// The wait as every command does it: progress on a terminal, a note per server under --verbose, and
// a warning for every server that was not waited for.
digitalocean::awaitable_result<challenge::propagation_report>
wait_for(session& s, std::vector<challenge::target> targets);

} // namespace acme_dns01::cli
