#include "challenge/wait/schedule.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

BOOST_AUTO_TEST_SUITE(challenge_wait_schedule_simulation)

using namespace acme_dns01;
using namespace acme_dns01::challenge;

namespace {

// The answer of a server about the record at a moment, in seconds after the start.
using server = std::function<server_state(double)>;

server serving_from(double s) {
    return [s](double now) { return now >= s ? server_state::serving : server_state::missing; };
}

server always(server_state state) {
    return [state](double) { return state; };
}

// A whole wait on a clock of its own: decide, ask, and whatever comes next, an answer or the time
// to decide again.
class simulation {
public:
    explicit simulation(std::vector<server> servers)
        : servers_(std::move(servers)), probes(servers_.size()) {
        for (std::size_t i = 0; i < probes.size(); ++i)
            probes[i].address = i;
    }

    double round_trip = 0.02;
    double jitter = 0.5;
    patience limits{};

    verdict run() {
        for (int turn = 0; turn < turns_max; ++turn) {
            rounds_.advance(now_, jitter);
            auto const d = decide(probes, limits, rounds_, now_);
            if (d.then != verdict::go_on) return d.then;
            for (auto const index : d.ask)
                ask(index);
            for (auto const index : d.held_back)
                hold_back(probes[index], now_);
            advance(d.wake);
        }
        throw std::logic_error("the wait does not end");
    }

    double elapsed() const { return seconds(now_ - start_).count(); }
    // The most questions to one address within one second.
    std::size_t most_in_a_second() const {
        std::size_t most = 0;
        for (auto const& [address, times] : sent_) {
            for (auto from = times.begin(); from != times.end(); ++from) {
                auto const to = std::upper_bound(from, times.end(), *from + 1);
                most = std::max(most, static_cast<std::size_t>(to - from));
            }
        }
        return most;
    }
    unsigned queries() const {
        unsigned sum = 0;
        for (auto const& p : probes)
            sum += p.queries;
        return sum;
    }

private:
    static constexpr int turns_max = 10'000;
    std::vector<server> servers_;

public:
    std::vector<probe> probes;

private:
    clock::time_point answer_of(probe const& p) const {
        return p.asked_at + to_duration(seconds(round_trip));
    }

    void ask(std::size_t index) {
        auto& p = probes[index];
        if (p.in_flight) throw std::logic_error("asked while a question is on its way");
        p.in_flight = true;
        p.asked_at = now_;
        ++p.queries;
        rounds_.note_question(p.address, now_);
        sent_[p.address].push_back(elapsed());
    }

    void advance(clock::time_point wake) {
        auto next = wake;
        for (auto const& p : probes) {
            if (p.in_flight) next = std::min(next, answer_of(p));
        }
        if (next <= now_) throw std::logic_error("the clock stands still");
        now_ = next;
        for (std::size_t i = 0; i < probes.size(); ++i) {
            auto& p = probes[i];
            if (p.in_flight && answer_of(p) <= now_) observe(p, servers_[i](elapsed()), now_);
        }
    }

    clock::time_point start_ = clock::time_point(std::chrono::hours(1));
    clock::time_point now_ = start_;
    rounds rounds_{start_};
    std::map<std::size_t, std::vector<double>> sent_; // when, by address
};

simulation after_lag(double lag) {
    simulation s({serving_from(lag)});
    s.limits.timeout = std::chrono::hours(10);
    return s;
}

unsigned queries_after(double lag) {
    auto s = after_lag(lag);
    BOOST_TEST((s.run() == verdict::complete));
    return s.queries();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_record_served_at_once_takes_two_questions_for_each_address) {
    simulation s({serving_from(0), serving_from(0), serving_from(0)});
    BOOST_TEST((s.run() == verdict::complete));
    for (auto const& p : s.probes)
        BOOST_TEST(p.queries == 2U);
    BOOST_TEST(s.elapsed() == 0.04, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(a_wait_lasts_a_constant_share_longer_than_it_must) {
    for (auto lag = 0.05; lag < 200; lag *= 1.07) {
        BOOST_TEST_CONTEXT(lag) {
            auto s = after_lag(lag);
            BOOST_TEST((s.run() == verdict::complete));
            auto const network = 3 * s.round_trip;
            BOOST_TEST(s.elapsed() >= lag);
            BOOST_TEST(s.elapsed() <= lag * 1.05 + 0.1 + network);
        }
    }
}

// So many names at three servers, which serve the last of them after these times, and those before
// it so much earlier each.
simulation many_names_at(std::array<double, 3> lags, std::size_t names, double earlier) {
    std::vector<server> servers;
    for (std::size_t i = 0; i < 3 * names; ++i) {
        auto const before = static_cast<double>(names - 1 - i / 3);
        servers.push_back(serving_from(lags[i % 3] - earlier * before));
    }
    simulation s(servers);
    for (std::size_t i = 0; i < s.probes.size(); ++i) {
        s.probes[i].name = i / 3;
        s.probes[i].address = i % 3;
    }
    s.round_trip = 0.001;
    s.limits.settle = clock::duration::zero();
    return s;
}

simulation many_names(std::size_t names, double lag, double earlier = 0) {
    return many_names_at({lag, lag, lag}, names, earlier);
}

// The header has a table of these.
BOOST_AUTO_TEST_CASE(however_many_names_the_wait_is_short_and_polite) {
    struct {
        std::size_t names;
        double beyond; // besides 5 %
        double factor; // from one lag to the next
    } const cases[] = {{1, 0.1, 1.15}, {20, 0.1, 1.3}, {40, 0.1, 2}, {100, 1.2, 4}, {300, 3.6, 20}};
    for (auto const& c : cases) {
        for (auto lag = 0.1; lag < 70; lag *= c.factor) {
            BOOST_TEST_CONTEXT(c.names << " names, " << lag << " s") {
                auto s = many_names(c.names, lag);
                BOOST_TEST((s.run() == verdict::complete));
                BOOST_TEST(s.elapsed() >= lag);
                BOOST_TEST(s.elapsed() <= lag * 1.05 + c.beyond);
                BOOST_TEST(s.most_in_a_second() <= 100U);
            }
        }
    }
}

// At the servers of tests/bench/run. The pause begins when the last server serves, although the
// limit of 100 questions a second keeps some names waiting for longer.
BOOST_AUTO_TEST_CASE(with_the_pause_a_hundred_names_take_the_time_of_one) {
    for (auto const names : std::array<std::size_t, 3>{1, 20, 100}) {
        BOOST_TEST_CONTEXT(names) {
            auto s = many_names_at({0.3, 0.8, 1.5}, names, 0);
            s.limits.settle.reset();
            BOOST_TEST((s.run() == verdict::complete));
            BOOST_TEST(s.elapsed() >= 1.5 + 1.2);
            BOOST_TEST(s.elapsed() <= (1.5 + 1.2) * 1.05 + 0.1);
            BOOST_TEST(s.most_in_a_second() <= 100U);
        }
    }
}

// An answer takes 20 ms, as from a server in the same country.
BOOST_AUTO_TEST_CASE(twenty_names_take_few_round_trips_longer_than_one) {
    for (auto lag = 0.3; lag < 3; lag *= 1.1) {
        BOOST_TEST_CONTEXT(lag) {
            auto s = many_names(20, lag);
            s.round_trip = 0.02;
            BOOST_TEST((s.run() == verdict::complete));
            BOOST_TEST(s.elapsed() <= lag * 1.05 + 0.1 + 3 * s.round_trip);
        }
    }
}

// The wait is for the last one.
BOOST_AUTO_TEST_CASE(names_made_one_after_the_other_take_the_time_of_the_last) {
    struct {
        std::size_t names;
        double lag;
    } const cases[] = {{20, 0.3}, {20, 1.5}, {50, 1.5}, {100, 1.5}, {100, 3}, {100, 10}};
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.names << " names, " << c.lag << " s") {
            auto s = many_names(c.names, c.lag, 0.0345);
            BOOST_TEST((s.run() == verdict::complete));
            BOOST_TEST(s.elapsed() >= c.lag);
            BOOST_TEST(s.elapsed() <= c.lag * 1.05 + 0.1);
            BOOST_TEST(s.most_in_a_second() <= 100U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_minute_takes_at_most_150_questions) {
    BOOST_TEST(queries_after(60) > 110U);
    for (auto const jitter : {0.0, 0.5, 0.999}) {
        auto s = after_lag(60);
        s.jitter = jitter;
        BOOST_TEST((s.run() == verdict::complete));
        BOOST_TEST(s.queries() <= 150U);
    }
}

BOOST_AUTO_TEST_CASE(questions_grow_with_the_logarithm_of_the_wait) {
    for (auto lag = 8.0; lag < 10'000; lag *= 2) {
        BOOST_TEST_CONTEXT(lag) {
            auto const more = queries_after(2 * lag) - queries_after(lag);
            BOOST_TEST(more >= 17U);
            BOOST_TEST(more <= 23U);
        }
    }
}

BOOST_AUTO_TEST_CASE(whatever_the_jitter_the_share_stays) {
    for (auto const jitter : {0.0, 0.999}) {
        BOOST_TEST_CONTEXT(jitter) {
            auto s = after_lag(60);
            s.jitter = jitter;
            BOOST_TEST((s.run() == verdict::complete));
            BOOST_TEST(s.elapsed() <= 60 * 1.05 + 0.1 + 3 * s.round_trip);
        }
    }
}

BOOST_AUTO_TEST_CASE(servers_that_lie_apart_are_confirmed_as_much_later) {
    simulation s({serving_from(0), serving_from(4)});
    BOOST_TEST((s.run() == verdict::complete));
    auto const first = s.probes[0].serving_since.value();
    auto const last = s.probes[1].serving_since.value();
    auto const apart = seconds(last - first).count();
    BOOST_TEST(apart > 3.9);
    BOOST_TEST(apart < 4.4);
    BOOST_TEST(s.elapsed() > 4 + apart);
    BOOST_TEST(s.elapsed() < 4.4 + apart);
    BOOST_TEST(s.probes[0].queries == 2U);
}

// One of several sites behind an address does not have the record yet.
BOOST_AUTO_TEST_CASE(a_record_that_goes_and_comes_back_is_waited_for_again) {
    auto const flickering = [](double now) {
        return now < 1 || (now > 1.5 && now < 6) ? server_state::missing : server_state::serving;
    };
    simulation s({serving_from(0), flickering});
    BOOST_TEST((s.run() == verdict::complete));
    BOOST_TEST(s.elapsed() > 6);
    BOOST_TEST(s.elapsed() < 13);
}

BOOST_AUTO_TEST_CASE(a_dead_address_costs_its_grace_and_no_more) {
    simulation s({serving_from(0), always(server_state::unreachable)});
    BOOST_TEST((s.run() == verdict::complete));
    BOOST_TEST(s.elapsed() >= 5);
    BOOST_TEST(s.elapsed() < 5.1);
}

BOOST_AUTO_TEST_CASE(a_dead_address_costs_nothing_where_the_others_take_longer) {
    simulation s({serving_from(20), always(server_state::servfail)});
    BOOST_TEST((s.run() == verdict::complete));
    BOOST_TEST(s.elapsed() <= 20 * 1.05 + 0.1 + 3 * s.round_trip);
}

BOOST_AUTO_TEST_CASE(an_address_that_comes_back_within_its_grace_is_waited_for) {
    auto const recovering = [](double now) {
        return now < 3 ? server_state::refused
                       : (now < 30 ? server_state::missing : server_state::serving);
    };
    simulation s({serving_from(0), recovering});
    BOOST_TEST((s.run() == verdict::complete));
    BOOST_TEST(s.elapsed() > 30);
}

BOOST_AUTO_TEST_CASE(dead_addresses_alone_end_with_the_time_limit) {
    simulation s({always(server_state::unreachable), always(server_state::lame)});
    BOOST_TEST((s.run() == verdict::timed_out));
    BOOST_TEST(s.elapsed() == 120, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(a_record_that_never_comes_ends_with_the_time_limit) {
    simulation s({serving_from(0), serving_from(1e9)});
    s.limits.timeout = std::chrono::seconds(7);
    BOOST_TEST((s.run() == verdict::timed_out));
    BOOST_TEST(s.elapsed() == 7, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_SUITE_END()
