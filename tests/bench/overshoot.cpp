#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

BOOST_AUTO_TEST_SUITE(bench_overshoot)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::publishing;

namespace {

using texts = std::vector<std::string>;

// The most to one address.
std::size_t most_questions(local_digitalocean const& s) {
    std::map<std::string, std::size_t> all;
    for (auto const& q : s.queries())
        if (q.server != "127.0.0.1") all[q.server] += q.count;
    std::size_t most = 0;
    for (auto const& [server, count] : all)
        most = std::max(most, count);
    return most;
}

struct end_of_wait {
    double late = 0; // seconds after the last server serves
    std::size_t questions = 0;
};

// A wait for so many names. The name servers' lag is real: records become visible so long after
// they were made.
end_of_wait overshoot(std::size_t names, double lag) {
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
    auto const late = acme_dns01::seconds(acme_dns01::clock::now() - served).count();
    return {late, most_questions(s)};
}

} // namespace

// The process' start and end are in it. A hundred names are more than a second's questions to one
// address when all are served at the same moment.
BOOST_AUTO_TEST_CASE(a_wait_ends_soon_after_the_last_server_and_never_before) {
    struct {
        std::size_t names;
        double beyond;         // 5 %, in seconds
        std::size_t questions; // to one address, whatever the lag
    } const sizes[] = {{1, 0.1, 150}, {20, 0.1, 300}, {100, 1.2, 400}};
    struct {
        double lag;
        std::size_t runs;
    } const cases[] = {{0.3, 15}, {1, 9}, {3, 3}, {10, 1}};
    for (auto const& size : sizes) {
        for (auto const& c : cases) {
            BOOST_TEST_CONTEXT(size.names << " names, " << c.lag << " s") {
                std::vector<double> found;
                std::size_t most = 0;
                for (std::size_t i = 0; i < c.runs; ++i) {
                    auto const end = overshoot(size.names, c.lag);
                    found.push_back(end.late);
                    most = std::max(most, end.questions);
                }
                std::ranges::sort(found);
                BOOST_TEST(found.front() >= 0);
                BOOST_TEST(found.back() <= c.lag * 0.05 + size.beyond);
                BOOST_TEST(most <= size.questions);
                BOOST_TEST_MESSAGE(
                    size.names << " names, lag " << c.lag << " s: " << found.front() * 1000 << ", "
                               << found[found.size() / 2] * 1000 << ", " << found.back() * 1000
                               << " ms, " << most << " questions"
                );
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
