#include "net/connect.hpp"

#include "support/localhost.hpp"
#include "support/run_awaitable.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <optional>
#include <string>

BOOST_AUTO_TEST_SUITE(net_connect)

using namespace acme_dns01;
using boost::asio::ip::tcp;

namespace {

// Puts the variable back as it was.
struct resolver_options {
    resolver_options() {
        if (auto const* text = std::getenv("RES_OPTIONS")) before = text;
        ::unsetenv("RES_OPTIONS");
    }
    resolver_options(resolver_options const&) = delete;
    resolver_options& operator=(resolver_options const&) = delete;
    ~resolver_options() {
        ::unsetenv("RES_OPTIONS");
        if (before) ::setenv("RES_OPTIONS", before->c_str(), 1);
    }
    std::optional<std::string> before;
};

std::string options_for(double limit) {
    resolver_options const fresh;
    net::limit_name_resolution(seconds(limit));
    return std::getenv("RES_OPTIONS");
}

tcp::endpoint at(std::string const& address, std::uint16_t port = 1) {
    return {boost::asio::ip::make_address(address), port};
}

net::endpoints addresses(std::vector<std::string> const& texts) {
    net::endpoints all;
    for (auto const& text : texts)
        all.push_back(at(text));
    return all;
}

// A listener on a free port of this address.
struct listener {
    explicit listener(std::string const& address) : acceptor(io, at(address, 0)) {}
    boost::asio::io_context io{1};
    tcp::acceptor acceptor;
};

// The address that was connected to, or the failure.
async_result<std::string> connected(net::endpoints to, deadline limit) {
    auto const executor = co_await boost::asio::this_coro::executor;
    auto const socket = co_await net::connect_to_one(executor, to, limit);
    if (!socket) co_return socket.error();
    co_return socket->remote_endpoint().address().to_string();
}

std::string connected_within(double limit, net::endpoints const& to) {
    auto const outcome = test::run(connected(to, deadline::in(seconds(limit))));
    return outcome ? *outcome : outcome.error().message;
}

} // namespace

BOOST_AUTO_TEST_CASE(name_resolution_is_limited_by_the_time_there_is) {
    BOOST_TEST(options_for(0) == "timeout:1 attempts:1");
    BOOST_TEST(options_for(1.9) == "timeout:1 attempts:1");
    BOOST_TEST(options_for(2) == "timeout:1 attempts:2");
    BOOST_TEST(options_for(5) == "timeout:2 attempts:2");
    BOOST_TEST(options_for(300) == "timeout:3 attempts:2");
    BOOST_TEST(options_for(1e6) == "timeout:3 attempts:2");
}

BOOST_AUTO_TEST_CASE(options_of_the_users_own_are_left_alone) {
    resolver_options const fresh;
    ::setenv("RES_OPTIONS", "timeout:9", 1);
    net::limit_name_resolution(seconds(300));
    BOOST_TEST(std::getenv("RES_OPTIONS") == "timeout:9");
}

BOOST_AUTO_TEST_CASE(families_take_turns_and_the_first_stays_first) {
    using texts = std::vector<std::string>;
    struct {
        texts sorted;
        texts expected;
    } const cases[] = {
        {{}, {}},
        {{"::1"}, {"::1"}},
        {{"::1", "::2", "::3", "1.1.1.1", "1.1.1.2"}, {"::1", "1.1.1.1", "::2", "1.1.1.2", "::3"}},
        {{"1.1.1.1", "1.1.1.2", "::1"}, {"1.1.1.1", "::1", "1.1.1.2"}},
        {{"1.1.1.1", "::1", "::2", "1.1.1.2"}, {"1.1.1.1", "::1", "1.1.1.2", "::2"}},
        {{"1.1.1.2", "1.1.1.1"}, {"1.1.1.2", "1.1.1.1"}},
    };
    for (auto const& c : cases)
        BOOST_TEST((net::interleaved(addresses(c.sorted)) == addresses(c.expected)));
}

// The limits are shorter than the five seconds that such an address would cost.
BOOST_AUTO_TEST_CASE(addresses_that_swallow_packets_hide_none_that_answers) {
    test::swallowing_port const one("127.0.0.2", 0);
    test::swallowing_port const other("127.0.0.3", 0);
    listener const good("127.0.0.4");
    net::endpoints const all{one.endpoint(), other.endpoint(), good.acceptor.local_endpoint()};
    BOOST_TEST(connected_within(3, all) == "127.0.0.4");
    auto const failure = connected_within(0.6, {one.endpoint(), other.endpoint()});
    BOOST_TEST(failure.starts_with("127.0.0."));
    BOOST_TEST(failure.ends_with(": the time limit was reached"));
}

// Within less than the delay between two attempts.
BOOST_AUTO_TEST_CASE(an_address_that_refuses_costs_no_time) {
    listener const good("127.0.0.4");
    auto const last = good.acceptor.local_endpoint();
    net::endpoints const all{at("127.0.0.2"), at("127.0.0.3"), last};
    BOOST_TEST(connected_within(0.2, all) == "127.0.0.4");
    // One that swallows is not waited for either.
    test::swallowing_port const silent("127.0.0.5", 0);
    BOOST_TEST(connected_within(0.45, {silent.endpoint(), all[0], all[1], last}) == "127.0.0.4");
    BOOST_TEST(connected_within(1, {all[0]}) == "127.0.0.2 port 1: Connection refused");
}

BOOST_AUTO_TEST_CASE(the_first_address_is_taken_if_it_answers) {
    listener const first("127.0.0.2");
    listener const second("127.0.0.3");
    net::endpoints const all{first.acceptor.local_endpoint(), second.acceptor.local_endpoint()};
    BOOST_TEST(connected_within(3, all) == "127.0.0.2");
}

BOOST_AUTO_TEST_SUITE_END()
