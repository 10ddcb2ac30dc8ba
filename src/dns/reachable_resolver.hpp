#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"
#include "dns/validating_resolver.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::dns {

// A resolver that validates and that answers from here.
struct reachable_resolver {
    std::optional<validating_resolver> resolver; // always there
    // Where it is not the one that was wished for: a sentence about what it is instead.
    std::string note;
};

// By the settings; where they name no resolvers and the root does not answer as long as patience
// lasts, one that asks `otherwise`. error_kind::dns_failure where those are silent as well, or
// there are none; error_kind::configuration for a trust anchor that cannot be used.
async_result<reachable_resolver> find_resolver(
    boost::asio::any_io_executor executor,
    validating_settings wanted,
    std::vector<endpoint> otherwise,
    clock::duration patience
);

} // namespace acme_dns01::dns
