#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <unistd.h>

namespace acme_dns01::test {

inline double seconds_since(clock::time_point start) {
    return seconds(clock::now() - start).count();
}

// Asks until the answer is true, for half a minute at most. False if it never is. A question that
// starts a program takes a fifth of a processor at most: the others are for what it asks about.
template <class Question>
bool becomes_true(Question const& question) {
    auto const end = deadline::in(std::chrono::seconds(30));
    while (!end.over()) {
        auto const start = clock::now();
        if (question()) return true;
        auto const pause = std::clamp(4 * seconds_since(start), 0.01, 0.2);
        ::usleep(static_cast<useconds_t>(pause * 1e6));
    }
    return false;
}

// The seconds that `run` reports of something that must take less than `bound`. The quickest of
// four runs counts: a busy machine delays one or two of them, not all.
template <class Run>
double quickest(double bound, Run const& run) {
    auto took = run();
    for (int i = 1; i < 4 && took >= bound; ++i)
        took = std::min<double>(took, run());
    return took;
}

} // namespace acme_dns01::test
