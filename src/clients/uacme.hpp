#pragma once

#include "base/error.hpp"
#include "clients/hook_request.hpp"

#include <span>
#include <string>

namespace acme_dns01::clients {

// uacme's hook: `begin|done|failed <type> <identifier> <token> <authorization>`. It is asked for
// every type that the CA offers, in turn, until it accepts one: those that are not dns-01 are
// declined, and what was declined never comes again. error_kind::usage.
result<hook_request> uacme_request(std::span<std::string const> arguments);

} // namespace acme_dns01::clients
