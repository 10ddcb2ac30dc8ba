#pragma once

#include <algorithm>
#include <chrono>

namespace acme_dns01 {

using clock = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

inline clock::duration to_duration(seconds s) {
    return std::chrono::duration_cast<clock::duration>(s);
}

// A moment by which something has to be over. Passed down by value, so that every layer takes from
// the same budget: a step may ask for less time than is left, never for more.
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

} // namespace acme_dns01
