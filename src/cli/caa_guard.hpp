#pragma once

#include "base/async_result.hpp"
#include "challenge/challenge.hpp"
#include "cli/commands/invocation.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace acme_dns01::cli {

// What the CA of `caa-issuer` will say to the domains of these challenges; nothing is asked where
// that is not set. Hooks are not told whether a domain or its wildcard is meant: what is permitted
// to either passes. error_kind::caa_forbidden tells of the first domain that does not. A verdict
// that cannot be had is a warning: the CA may have better luck.
async_result<void> check_caa(invocation& call, std::vector<challenge::dns01> challenges);

} // namespace acme_dns01::cli
