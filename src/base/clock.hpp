#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace acme_dns01 {

using clock = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

inline clock::duration to_duration(seconds s) {
    return std::chrono::duration_cast<clock::duration>(s);
}

// The moment by which something must be over. It is passed down by value, so that all layers share
// one budget: a step may take less time than is left, never more.
class deadline {
public:
    explicit deadline(clock::time_point end) : end_(end) {}
    static deadline in(seconds s) { return deadline(clock::now() + to_duration(s)); }

    clock::time_point end() const { return end_; }
    clock::duration left() const { return std::max(end_ - clock::now(), clock::duration::zero()); }
    bool over() const { return clock::now() >= end_; }
    deadline at_most(clock::duration d) const { return deadline(std::min(end_, clock::now() + d)); }

private:
    clock::time_point end_;
};

// A limit such as "250 requests a minute": at most so many within a while, each one expiring by
// itself.
struct rate_window {
    std::chrono::milliseconds length;
    std::int64_t most;
};

} // namespace acme_dns01
