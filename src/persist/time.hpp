#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace acme_dns01::persist {

// "2026-11-28T13:05:09Z" (RFC 3339) from seconds since 1970. Times before year 0 or after year
// 9999, which it cannot express, are the first and the last that it can.
std::string rfc3339(std::int64_t unix_seconds);

// The seconds since 1970 of an RFC 3339 time, of a date (its first moment, UTC), or of a number of
// days from now ("90d"). error_kind::usage for anything else, and for what is not after `now`.
result<std::int64_t> parse_until(std::string_view text, std::int64_t now);

} // namespace acme_dns01::persist
