#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::publishing;

namespace {

using texts = std::vector<std::string>;

// How long after the last server serves a wait for so many names returns, in seconds. The name
// servers' lag is real: records become visible so long after they were made.
double overshoot(std::size_t names, double lag) {
    local_digitalocean s(quick({0, lag / 2, lag}));
    texts line{"wait"};
    acme_dns01::clock::time_point made;
    for (std::size_t i = 0; i < names; ++i) {
        auto const host = "h" + std::to_string(i);
        acme_dns01::digitalocean::record r;
        r.type = "TXT";
        r.name = "_acme-challenge." + host;
        r.data = value_a;
        r.ttl = 30;
        made = acme_dns01::clock::now();
        s.add_record("example.com", r, publishing::delayed);
        line.insert(line.end(), {host + ".example.com", value_a});
    }
    auto const served = made + acme_dns01::to_duration(acme_dns01::seconds(lag));
    line.insert(line.end(), {"--settle", "0"});
    auto const out = user(s).run(line);
    BOOST_TEST(out.status == 0, out.err);
    return acme_dns01::seconds(acme_dns01::clock::now() - served).count();
}

} // namespace

BOOST_AUTO_TEST_SUITE(bench_overshoot)

// The process' start and end are in it.
BOOST_AUTO_TEST_CASE(a_wait_ends_soon_after_the_last_server_and_never_before) {
    struct {
        double lag;
        std::size_t runs;
    } const cases[] = {{0.3, 15}, {1, 9}, {3, 3}};
    for (auto const names : {std::size_t{1}, std::size_t{20}, std::size_t{100}}) {
        for (auto const& c : cases) {
            BOOST_TEST_CONTEXT(names << " names, " << c.lag << " s") {
                std::vector<double> found;
                for (std::size_t i = 0; i < c.runs; ++i)
                    found.push_back(overshoot(names, c.lag));
                std::ranges::sort(found);
                auto const median = found[found.size() / 2];
                BOOST_TEST(found.front() >= 0);
                BOOST_TEST(found.back() <= c.lag * 0.05 + 0.05);
                // Three are no sample.
                if (c.runs > 3) BOOST_TEST(median <= c.lag * 0.025 + 0.025);
                BOOST_TEST_MESSAGE(
                    names << " names, lag " << c.lag << " s: " << found.front() * 1000 << ", "
                          << median * 1000 << ", " << found.back() * 1000 << " ms"
                );
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_hundred_names_add_little_to_a_long_wait) {
    auto const found = overshoot(100, 10);
    BOOST_TEST(found >= 0);
    BOOST_TEST(found <= 0.55);
    BOOST_TEST_MESSAGE("100 names, lag 10 s: " << found * 1000 << " ms");
}

BOOST_AUTO_TEST_SUITE_END()
