#include "dns/resolver.hpp"

#include "support/run_awaitable.hpp"
#include "support/scripted_name_server.hpp"
#include "support/timing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(integration_resolver)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

using texts = std::vector<std::string>;

texts const addresses{"127.53.16.1", "127.53.16.2", "127.53.16.3"};

// Resolvers that do each what `by_address` says: nothing, or the answer that it makes.
struct world {
    using conduct = std::function<std::vector<reply>(received_query const&)>;

    explicit world(std::map<std::string, conduct> by_address)
        : server(
              [all = std::move(by_address)](received_query const& q) {
                  return all.at(q.address)(q);
              },
              addresses
          )
        , resolver(servers(), std::chrono::seconds(4)) {}

    std::vector<dns::endpoint> servers() const {
        std::vector<dns::endpoint> all;
        for (auto const& address : addresses)
            all.emplace_back(boost::asio::ip::make_address(address), server.port());
        return all;
    }

    result<dns::message> look_up(std::string const& name) const {
        dns::question const asked{dns::name::parse(name).value(), dns::record_type::a};
        return run(resolver.look_up(asked, resolver.limit()));
    }

    auto questions_to(std::string const& address) const {
        auto const all = server.received();
        return std::ranges::count(all, address, &received_query::address);
    }

    scripted_name_server server;
    dns::resolver resolver;
};

std::vector<reply> silent(received_query const&) { return {}; }
std::vector<reply> answering(received_query const& q) { return {{encoded(answer_to(q))}}; }
std::vector<reply> failing(received_query const& q) {
    return {{answer_with_code(q, dns::response_code::servfail)}};
}

double time_of_first_look_up(world::conduct const& of_two) {
    world const w({{addresses[0], of_two}, {addresses[1], of_two}, {addresses[2], answering}});
    auto const start = clock::now();
    BOOST_TEST(w.look_up("a.example").has_value());
    return seconds_since(start);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_dead_resolver_costs_its_head_start_once) {
    world const w({{addresses[0], silent}, {addresses[1], answering}, {addresses[2], answering}});
    for (auto const* name : {"a.example", "b.example", "c.example", "d.example"})
        BOOST_TEST(w.look_up(name).has_value());
    BOOST_TEST(w.questions_to(addresses[0]) == 1);
    BOOST_TEST(w.questions_to(addresses[1]) == 4);
    BOOST_TEST(w.questions_to(addresses[2]) == 0);
}

BOOST_AUTO_TEST_CASE(a_failing_resolver_is_skipped_at_once) {
    world const w({{addresses[0], failing}, {addresses[1], failing}, {addresses[2], answering}});
    BOOST_TEST(w.look_up("a.example").has_value());
    BOOST_TEST(w.look_up("b.example").has_value());
    BOOST_TEST(w.questions_to(addresses[0]) == 1);
    BOOST_TEST(w.questions_to(addresses[1]) == 1);
    BOOST_TEST(w.questions_to(addresses[2]) == 2);
    // Sooner than silence, which costs a head start each.
    auto const slow = time_of_first_look_up(silent);
    auto const quick = quickest(slow, [] { return time_of_first_look_up(failing); });
    BOOST_TEST(quick < slow);
}

BOOST_AUTO_TEST_CASE(if_all_resolvers_fail_each_is_asked_twice) {
    world const w({{addresses[0], failing}, {addresses[1], failing}, {addresses[2], failing}});
    auto const failed = w.look_up("a.example");
    BOOST_TEST(!failed.has_value());
    BOOST_TEST(
        failed.error().message == "looking up A of a.example: resolver " +
                                      dns::to_string(w.servers().back()) + " answered SERVFAIL"
    );
    for (auto const& address : addresses)
        BOOST_TEST(w.questions_to(address) == 2);
}

BOOST_AUTO_TEST_CASE(if_all_resolvers_are_silent_the_time_limit_ends_it) {
    world const w({{addresses[0], silent}, {addresses[1], silent}, {addresses[2], silent}});
    auto const start = clock::now();
    auto const failed = w.look_up("a.example");
    auto const took = seconds(clock::now() - start).count();
    BOOST_TEST(!failed.has_value());
    BOOST_TEST(took > 3.5);
    // Up to three times in each of the two tries that the limit has room for.
    for (auto const& address : addresses)
        BOOST_TEST(w.questions_to(address) <= 6);
}

BOOST_AUTO_TEST_SUITE_END()
