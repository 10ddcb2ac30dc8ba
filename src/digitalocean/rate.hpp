#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace acme_dns01::digitalocean {

using wall_clock = std::chrono::system_clock;

// What an answer tells of the token's limits, as far as it can be believed.
struct rate_told {
    // Of the requests of an hour. 0 may also mean that the minute's are used up: only a refusal
    // tells which.
    std::optional<std::int64_t> remaining{};
    std::optional<wall_clock::time_point> reset{};     // when the oldest request expires
    std::optional<std::chrono::seconds> retry_after{}; // only with a 429, for the limit of a minute
};

// From header names in lower case. What does not parse, a reset in the past (seen in the field) and
// any wait beyond the longest window are as if they had not been told.
rate_told told_by(std::map<std::string, std::string> const& headers, wall_clock::time_point now);

// So many requests may be made within a while; each one expires by itself.
struct request_window {
    std::chrono::seconds length;
    std::int64_t most;
};

// As published: 250 a minute, 5000 an hour. A second longer, because requests are counted where
// they arrive.
inline constexpr std::array<request_window, 2> published_windows{{
    {std::chrono::seconds(61), 250},
    {std::chrono::seconds(3601), 5000},
}};

// The requests that one token has left, counted by everybody on this host who uses it.
class budget {
public:
    budget() = default;
    budget(budget const&) = delete;
    budget& operator=(budget const&) = delete;
    virtual ~budget() = default;

    // Counts a request that leaves now. Where none may leave, nothing is counted, and this is when
    // to ask again.
    virtual std::optional<wall_clock::time_point> take() = 0;
    // Nobody is to send anything before.
    virtual void close_until(wall_clock::time_point moment) = 0;
};

} // namespace acme_dns01::digitalocean
