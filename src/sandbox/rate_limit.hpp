#pragma once

#include "base/clock.hpp"
#include "sandbox/options.hpp"

#include <chrono>
#include <cstdint>
#include <deque>

namespace acme_dns01::sandbox {

// One moment on both clocks: intervals are measured with the first, the second one is told.
struct moment {
    clock::time_point time;
    std::chrono::seconds unix_time{0};

    static moment now();
};

// What the API tells about the limits with an answer.
struct rate_state {
    bool allowed = true;
    std::size_t limit = 0;
    std::size_t remaining = 0;
    std::chrono::seconds reset{0};       // Unix time: when the oldest request expires
    std::chrono::seconds retry_after{0}; // 0: not told, as for the hourly limit
};

// The requests of one token. Each one expires by itself, an hour after it was made; within a minute
// only so many of them may be made at all. A request that is refused does not count.
class rate_limit {
public:
    explicit rate_limit(request_limits limits) : limits_(limits) {}

    // Counts a request, if it is allowed.
    rate_state take(moment at);
    // The same without a request.
    rate_state peek(moment at);
    // As if the requests so far had been made so much earlier.
    void age(clock::duration by);

private:
    std::size_t in_the_last_minute(clock::time_point at) const;

    request_limits limits_;
    std::deque<clock::time_point> made_;
};

} // namespace acme_dns01::sandbox
