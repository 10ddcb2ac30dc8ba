#pragma once

#include "caa/decision.hpp"
#include "dns/validating_resolver.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace acme_dns01::caa {

// Asks for the CAA records of a domain (without "*.") and of every name above it, the TLD last, all
// at once: it takes as long as the slowest of them. What has not come for as long as patience lasts
// has failed. Their keys and delegations are asked for beside them, so that validation has to wait
// for none in turn, and so that a name that is there for them and missing for CAA is found out.
boost::asio::awaitable<std::vector<level>>
look_up(dns::validating_resolver const& r, dns::name domain, clock::duration patience);

// What a resolver's answer to the question for CAA at one name means. Its records come in an order
// that chance has no part in: each of equals may be the one that a sentence names.
level level_of(dns::name node, dns::validated const& answer);

} // namespace acme_dns01::caa
