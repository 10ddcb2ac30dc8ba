#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(bench_wait)

namespace json = boost::json;
using namespace acme_dns01::test;
using acme_dns01::sandbox::behaviour;
using acme_dns01::sandbox::local_digitalocean;

namespace {

using texts = std::vector<std::string>;

// How long the wait of a `present` for so many names took, by its own account.
double wait_of(local_digitalocean const& s, std::size_t names, texts const& options) {
    texts line{"present", "--json"};
    for (std::size_t i = 0; i < names; ++i)
        line.insert(line.end(), {"host" + std::to_string(i) + ".example.com", value_a});
    line.insert(line.end(), options.begin(), options.end());
    auto const out = user(s).run(line);
    BOOST_TEST_REQUIRE(out.status == 0, out.err);
    return json::parse(out.out).at("propagation").at("elapsed").to_number<double>();
}

} // namespace

BOOST_AUTO_TEST_CASE(the_wait_ends_soon_after_the_last_server_serves) {
    struct {
        std::size_t names;
        std::vector<double> delays;
        texts options;
        double most;
    } const cases[] = {
        // 5 %, 0.1 s and the program itself go beyond.
        {1, {0.1, 0.3, 1.0}, {"--settle", "0"}, 1.3},
        {20, {0.1, 0.3, 0.8}, {"--settle", "0"}, 1.5},
        // And a pause as long as the servers lay apart.
        {1, {0.0, 0.3, 0.6}, {}, 1.7},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.names << " names, at most " << c.most << " s") {
            auto const took = quickest(c.most, [&] {
                local_digitalocean const s(quick(c.delays));
                return wait_of(s, c.names, c.options);
            });
            BOOST_TEST(took < c.most);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_fails_costs_its_grace) {
    for (auto const how :
         {behaviour::silent, behaviour::servfail, behaviour::refused, behaviour::lame}) {
        for (auto const names : {std::size_t{1}, std::size_t{100}}) {
            BOOST_TEST_CONTEXT(static_cast<int>(how) << ", " << names << " names") {
                auto const took = quickest(2.3, [&] {
                    local_digitalocean s(quick());
                    s.set_behaviour("127.53.0.3", how);
                    return wait_of(s, names, {"--settle", "0", "--grace", "1.5"});
                });
                BOOST_TEST(took >= 1.5);
                BOOST_TEST(took < 2.3);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
