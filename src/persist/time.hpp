#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string_view>

namespace acme_dns01::persist {

// The seconds since 1970 of an RFC 3339 time, of a date (its first moment, UTC), or of a number of
// days from now ("90d"). error_kind::usage for anything else, and for what is not after `now`.
result<std::int64_t> parse_until(std::string_view text, std::int64_t now);

} // namespace acme_dns01::persist
