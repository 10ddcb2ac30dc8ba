#pragma once

#include "challenge/wait/schedule.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

namespace acme_dns01::test {

using namespace challenge;

using indices = std::vector<std::size_t>;

inline auto const start = clock::time_point(std::chrono::hours(1));

inline clock::time_point at(double s) { return start + to_duration(seconds(s)); }
inline double since_start(clock::time_point t) { return seconds(t - start).count(); }

inline probe asked(server_state state, double asked_at) {
    probe p;
    p.state = state;
    p.queries = 1;
    p.asked_at = at(asked_at);
    p.answered_for = p.asked_at;
    if (state == server_state::serving) p.serving_since = at(asked_at);
    if (is_failing(state)) p.failing_since = at(asked_at);
    return p;
}

inline probe serving(double since, double last_asked) {
    auto p = asked(server_state::serving, last_asked);
    p.serving_since = at(since);
    return p;
}

inline probe failing(double since, double last_asked) {
    auto p = asked(server_state::unreachable, last_asked);
    p.failing_since = at(since);
    return p;
}

inline probe in_flight(probe p) {
    p.in_flight = true;
    return p;
}

inline std::vector<probe> at_addresses_of_their_own(std::vector<probe> probes) {
    for (std::size_t i = 0; i < probes.size(); ++i)
        probes[i].address = i;
    return probes;
}

// Rounds of a second each.
inline decision
decide_at(double now, std::vector<probe> const& probes, patience const& limits = {}) {
    rounds r(start);
    r.current = at(std::floor(now));
    r.next = at(std::floor(now) + 1);
    return decide(probes, limits, r, at(now));
}

inline decision
at_moment(double now, std::vector<probe> const& probes, patience const& limits = {}) {
    return decide_at(now, at_addresses_of_their_own(probes), limits);
}

inline void check_goes_on(decision const& d, indices const& ask, double wake) {
    BOOST_TEST((d.then == verdict::go_on));
    BOOST_TEST(d.ask == ask, boost::test_tools::per_element());
    BOOST_TEST(since_start(d.wake) == wake, boost::test_tools::tolerance(1e-9));
}

} // namespace acme_dns01::test
