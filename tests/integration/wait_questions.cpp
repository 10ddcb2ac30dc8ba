#include "support/scripted_zones.hpp"
#include "support/timed_server.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

constexpr auto answer_takes = 100ms;

// example.com at six addresses.
std::vector<scripted_zone> at_six_addresses() {
    scripted_zone zone{"example.com", {}, {}};
    for (std::string const number : {"1", "2", "3", "4", "5", "6"}) {
        auto const host = "ns" + number + ".example.com";
        zone.addresses.push_back("127.53.17." + number);
        zone.records.push_back("example.com NS " + host);
        zone.records.push_back(host + " A " + zone.addresses.back());
    }
    return {zone};
}

// The same question is another one at each address.
dns::question told_apart(received_query const& q) {
    auto const number = q.address.substr(q.address.rfind('.') + 1);
    return {q.query.asked.asked.child("at" + number).value(), q.query.asked.type};
}

} // namespace

BOOST_AUTO_TEST_SUITE(integration_wait_questions)

BOOST_AUTO_TEST_CASE(a_hundred_names_have_at_most_64_open_questions) {
    auto const zones = at_six_addresses();
    arrivals came;
    auto const honest = serving(zones);
    scripted_name_server const server(
        [&](received_query const& q) {
            auto replies = honest(q);
            if (q.address == "127.0.0.1") return replies;
            came.note(told_apart(q));
            for (auto& r : replies)
                r.after = answer_takes;
            return replies;
        },
        addresses_for(zones)
    );
    sandbox::local_digitalocean const api(quick());
    user admin(api);
    admin.resolving_at(server.endpoint());
    texts line{"wait", "--propagation-timeout", "4"};
    for (int i = 0; i < 100; ++i)
        line.insert(line.end(), {"host" + std::to_string(i) + ".example.com", value_a});
    auto const out = admin.run(line);
    BOOST_TEST(out.status == 7);
    BOOST_TEST(
        out.err.find("ns6.example.com (127.53.17.6) answered NXDOMAIN for "
                     "_acme-challenge.host0.example.com and 99 other names") != std::string::npos,
        out.err
    );
    auto const most = came.most_at_once(answer_takes);
    BOOST_TEST(most <= 64U);
    BOOST_TEST(most > 32U);
}

BOOST_AUTO_TEST_SUITE_END()
