#include "net/https_client.hpp"

#include "base/concurrent.hpp"
#include "sandbox/local_digitalocean.hpp"
#include "support/run_awaitable.hpp"
#include "support/scripted_https_server.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>

BOOST_AUTO_TEST_SUITE(net_https_client)

using namespace acme_dns01;
using sandbox::local_digitalocean;

namespace {

net::request asking_for(std::string const& target) {
    net::request asked;
    asked.method = "GET";
    asked.target = target;
    return asked;
}

secret const nothing;

// The kinds of failure of so many exchanges, `width` at a time; "" for an answer.
boost::asio::awaitable<std::vector<std::string>>
exchanges(net::https_client& client, std::size_t width, std::size_t count) {
    auto const asked = asking_for("/v2/domains");
    auto const until = deadline::in(seconds(30));
    std::function<async_result<net::response>(std::size_t)> const one = [&](auto) {
        return client.exchange(asked, nothing, until);
    };
    std::vector<std::string> kinds;
    auto const answers = co_await a_few_at_once(width, count, one);
    for (auto const& answer : answers)
        kinds.emplace_back(answer ? "" : to_string(answer.error().kind));
    co_return kinds;
}

// Two bursts with one client.
boost::asio::awaitable<bool>
two_bursts(local_digitalocean const& s, std::vector<std::size_t>& connections) {
    auto const executor = co_await boost::asio::this_coro::executor;
    net::trust trusted;
    trusted.ca_file = s.ca_file();
    net::https_client client(executor, net::parse_base_url(s.api_url()).value(), trusted);
    for (int burst = 0; burst < 2; ++burst) {
        auto const kinds = co_await exchanges(client, 6, 30);
        BOOST_TEST(std::ranges::count(kinds, "") == 30);
        connections.push_back(s.connections());
    }
    co_return true;
}

// One exchange after the other with the server, by one client.
boost::asio::awaitable<std::vector<std::string>>
in_a_row(std::string const& url, net::trust const& trusted, std::size_t count) {
    auto const executor = co_await boost::asio::this_coro::executor;
    net::https_client client(executor, net::parse_base_url(url).value(), trusted);
    auto const kinds = co_await exchanges(client, 1, count);
    co_return kinds;
}

} // namespace

BOOST_AUTO_TEST_CASE(exchanges_side_by_side_have_a_connection_each_which_is_kept) {
    sandbox::options o;
    auto& slow = o.faults.emplace_back();
    slow.action = sandbox::fault_action::delay;
    slow.count = sandbox::fault::always;
    slow.delay = seconds(0.02);
    local_digitalocean const s(o);
    std::vector<std::size_t> connections;
    BOOST_TEST(test::run(two_bursts(s, connections)));
    BOOST_TEST(connections == (std::vector<std::size_t>{6, 6}), boost::test_tools::per_element());
    BOOST_TEST(s.arrived() == 60U);
}

// The server closes each connection after its answer.
BOOST_AUTO_TEST_CASE(a_connection_resumes_the_session_of_one_before) {
    local_digitalocean const files; // for its folder
    auto const identity = test::self_signed(files.state_dir(), -60, 600);
    for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        test::scripted_https_server const server(
            identity,
            [](auto const& write) {
                write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            },
            version
        );
        net::trust trusted;
        trusted.ca_file = identity.certificate;
        auto const kinds = test::run(in_a_row(server.url(), trusted, 4));
        BOOST_TEST(std::ranges::count(kinds, "") == 4);
        BOOST_TEST(server.resumed() == 3U);
        // Another client trusts another authority.
        trusted.ca_file = files.ca_file();
        BOOST_TEST(test::run(in_a_row(server.url(), trusted, 1)).at(0) == "untrusted");
        BOOST_TEST(server.resumed() == 3U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
