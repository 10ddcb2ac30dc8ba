#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace acme_dns01::test;
using acme_dns01::clock;
using acme_dns01::sandbox::publishing;
using acme_dns01::sandbox::sandbox;

namespace {

using texts = std::vector<std::string>;

// How long after the last server serves a wait for so many names returns, in seconds. The name
// servers' lag is real: records become visible so long after they were made.
double overshoot(std::size_t names, double lag) {
    sandbox s(quick({0, lag / 2, lag}));
    texts line{"wait"};
    for (std::size_t i = 0; i < names; ++i) {
        auto const host = "h" + std::to_string(i);
        acme_dns01::digitalocean::record r;
        r.type = "TXT";
        r.name = "_acme-challenge." + host;
        r.data = value_a;
        r.ttl = 30;
        s.add_record("example.com", r, publishing::delayed);
        line.insert(line.end(), {host + ".example.com", value_a});
    }
    auto const served = clock::now() + acme_dns01::to_duration(acme_dns01::seconds(lag));
    line.insert(line.end(), {"--settle", "0"});
    auto const out = user(s).run(line);
    BOOST_TEST(out.status == 0, out.err);
    return acme_dns01::seconds(clock::now() - served).count();
}

struct spread {
    double median = 0;
    double most = 0;
    double least = 0;
};

spread overshoots(std::size_t names, double lag, std::size_t times) {
    std::vector<double> all;
    for (std::size_t i = 0; i < times; ++i)
        all.push_back(overshoot(names, lag));
    std::ranges::sort(all);
    return {all[all.size() / 2], all.back(), all.front()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(limits_overshoot)

BOOST_AUTO_TEST_CASE(a_wait_returns_hardly_later_than_it_must_and_never_sooner) {
    struct {
        double lag;
        std::size_t times;
    } const cases[] = {{0.3, 9}, {1, 7}, {3, 3}, {10, 1}};
    for (auto const names : {std::size_t{1}, std::size_t{20}, std::size_t{100}}) {
        for (auto const& c : cases) {
            BOOST_TEST_CONTEXT(names << " names, " << c.lag << " s") {
                auto const found = overshoots(names, c.lag, c.times);
                auto const allowed = c.lag * 0.05 + 0.05;
                BOOST_TEST(found.least >= 0);
                BOOST_TEST(found.most <= allowed);
                if (c.times > 3) BOOST_TEST(found.median <= allowed / 2);
                BOOST_TEST_MESSAGE(
                    names << " names, lag " << c.lag << " s: median " << found.median * 1000
                          << " ms, most " << found.most * 1000 << " ms"
                );
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_minutes_lag_costs_a_share_of_it_and_few_questions) {
    auto const found = overshoot(100, 60);
    BOOST_TEST(found >= 0);
    BOOST_TEST(found <= 60 * 0.05 + 0.05);
    BOOST_TEST_MESSAGE("100 names, lag 60 s: " << found * 1000 << " ms");
}

BOOST_AUTO_TEST_SUITE_END()
