#pragma once

#include <chrono>
#include <cstdint>

namespace acme_dns01 {

// A limit such as "250 requests a minute": at most so many within a while, each one expiring by
// itself.
struct rate_window {
    std::chrono::milliseconds length;
    std::int64_t most;
};

} // namespace acme_dns01
