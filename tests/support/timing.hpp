#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <unistd.h>

namespace acme_dns01::test {

// Asks until the answer is true, for half a minute at most. False if it never is.
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
