#pragma once

#include "base/clock.hpp"
#include "sandbox/options.hpp"

#include <chrono>
#include <cstdint>
#include <deque>

namespace acme_dns01::sandbox {

// One moment on both clocks: the first measures intervals, the second goes into answers.
struct moment {
    clock::time_point time;
    std::chrono::seconds unix_time{0};

    static moment now();
};

// The rate limit as an answer's headers show it.
struct rate_state {
    bool allowed = true;
    std::size_t limit = 0;
    std::size_t remaining = 0;
    std::chrono::seconds reset{0};       // Unix time: when the oldest request expires
    std::chrono::seconds retry_after{0}; // 0: no header, as for the hourly limit
};

// The requests of one token. Each one expires by itself, an hour after it was made; a second limit
// applies to each minute. A request that is refused does not count.
class rate_limit {
public:
    explicit rate_limit(request_limits limits) : limits_(limits) {}

    // Counts a request, if it is allowed.
    rate_state take(moment at);
    // The same without a request.
    rate_state peek(moment at);
    // Moves the requests so far this far into the past.
    void age(clock::duration by);

private:
    std::size_t in_the_last_minute(clock::time_point at) const;

    request_limits limits_;
    std::deque<clock::time_point> made_;
};

} // namespace acme_dns01::sandbox
