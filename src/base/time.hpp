#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01 {

// "2026-11-28T13:05:09Z" (RFC 3339). Times before year 0 or after year 9999, which it cannot
// express, are the first and the last that it can.
std::string rfc3339(std::chrono::sys_seconds moment);

// "2026-11-28T12:00:00Z" with any offset (RFC 3339 5.6); fractions of a second are dropped.
std::optional<std::chrono::sys_seconds> parse_rfc3339(std::string_view text);

// "2026-11-28": its first moment in UTC.
std::optional<std::chrono::sys_seconds> parse_date(std::string_view text);

} // namespace acme_dns01
