#include "support/scripted_zones.hpp"
#include "support/timed_server.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

BOOST_AUTO_TEST_SUITE(integration_wait_questions)

using namespace acme_dns01;
using namespace acme_dns01::test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

constexpr auto answer_takes = 100ms;

std::string domain(std::size_t i) { return "host" + std::to_string(i) + ".example.com"; }

// example.com at six addresses, with the records of so many names.
std::vector<scripted_zone> at_six_addresses(std::size_t served) {
    scripted_zone zone{"example.com", {}, {}};
    for (std::size_t i = 0; i < served; ++i)
        zone.records.push_back("_acme-challenge." + domain(i) + " TXT " + value_a);
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

// The questions that a wait sends to the six addresses.
struct questions {
    test::outcome out;
    arrivals all;
    std::map<std::string, arrivals> at; // by address
};

// A wait that ends with its time limit, as the last name's record never comes.
void wait_for(questions& came, std::size_t names, std::size_t served, std::string const& limit) {
    auto const zones = at_six_addresses(served);
    auto const honest = serving(zones);
    scripted_name_server const server(
        [&](received_query const& q) {
            auto replies = honest(q);
            if (q.address == "127.0.0.1") return replies;
            came.all.note(q, told_apart(q));
            came.at[q.address].note(q, q.query.asked);
            for (auto& r : replies)
                r.after = answer_takes;
            return replies;
        },
        addresses_for(zones)
    );
    sandbox::local_digitalocean const api(quick());
    user admin(api);
    admin.resolving_at(server.endpoint());
    texts line{"wait", "--propagation-timeout", limit};
    for (std::size_t i = 0; i < names; ++i)
        line.insert(line.end(), {domain(i), value_a});
    came.out = admin.run(line);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_hundred_names_have_at_most_64_open_questions) {
    questions came;
    wait_for(came, 100, 50, "4");
    BOOST_TEST(came.out.status == 7);
    BOOST_TEST(
        came.out.err.find("ns6.example.com (127.53.17.6) answered NXDOMAIN for "
                          "_acme-challenge.host50.example.com and 49 other names"
        ) != std::string::npos,
        came.out.err
    );
    auto const most = came.all.most_at_once(answer_takes);
    BOOST_TEST(most <= 64U);
    BOOST_TEST(most > 32U);
}

// Also if all but one are served at once, so that the confirming pass could begin.
BOOST_AUTO_TEST_CASE(no_address_gets_more_than_a_hundred_questions_a_second) {
    struct {
        std::size_t names;
        std::size_t served;
        // At one address: in rounds of 55 ms, for each that is served, and one for each to find out
        // whether it is an alias.
        std::size_t in_all;
    } const cases[] = {{1, 0, 59}, {20, 19, 98}, {100, 99, 258}};
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.names << " names") {
            questions came;
            wait_for(came, c.names, c.served, "3");
            BOOST_TEST(came.out.status == 7);
            for (auto const& [address, asked] : came.at) {
                BOOST_TEST(asked.most_within(1s) <= 100U);
                BOOST_TEST(asked.count() >= c.names);
                BOOST_TEST(asked.count() <= c.in_all);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
