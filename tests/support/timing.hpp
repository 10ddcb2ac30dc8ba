#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <unistd.h>

namespace acme_dns01::test {

// Asks until it is so, for at most half a minute. False if it never was.
template <class Question>
bool becomes_true(Question const& question) {
    auto const end = deadline::in(std::chrono::seconds(30));
    while (!end.over()) {
        if (question()) return true;
        ::usleep(10'000);
    }
    return false;
}

inline double seconds_since(clock::time_point start) {
    return seconds(clock::now() - start).count();
}

// How many seconds something took that has to take less than `bound`, by its own account. A busy
// machine may hold up a run or two, and not all of them: the quickest of four counts.
template <class Run>
double quickest(double bound, Run const& run) {
    auto took = run();
    for (int i = 1; i < 4 && took >= bound; ++i)
        took = std::min<double>(took, run());
    return took;
}

} // namespace acme_dns01::test
