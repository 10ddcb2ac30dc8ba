#include "dns/exchange.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <optional>
#include <sys/resource.h>

BOOST_AUTO_TEST_SUITE(dns_exchange)

using namespace acme_dns01;
using namespace acme_dns01::dns;

namespace {

endpoint at(char const* address, std::uint16_t port) {
    return {boost::asio::ip::make_address(address), port};
}

// While it lives, this process opens nothing.
struct no_descriptors {
    rlimit before{};
    no_descriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before);
        rlimit const none{0, before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~no_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before); }
};

} // namespace

BOOST_AUTO_TEST_CASE(an_endpoint_is_an_address_and_maybe_a_port) {
    struct {
        std::string text;
        endpoint expected;
    } const cases[] = {
        {"192.0.2.1", at("192.0.2.1", 53)},
        {"192.0.2.1:5353", at("192.0.2.1", 5353)},
        {"192.0.2.1:1", at("192.0.2.1", 1)},
        {"192.0.2.1:65535", at("192.0.2.1", 65535)},
        {"2001:db8::1", at("2001:db8::1", 53)},
        {"2001:db8::1:5353", at("2001:db8::1:5353", 53)},
        {"[2001:db8::1]", at("2001:db8::1", 53)},
        {"[2001:db8::1]:5353", at("2001:db8::1", 5353)},
        {"::1", at("::1", 53)},
        {"::", at("::", 53)},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const parsed = parse_endpoint(c.text, 53);
            BOOST_REQUIRE(parsed);
            BOOST_TEST(*parsed == c.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_port_is_the_callers_where_the_text_has_none) {
    BOOST_TEST(parse_endpoint("192.0.2.1", 5300).value() == at("192.0.2.1", 5300));
    BOOST_TEST(parse_endpoint("[::1]", 5300).value() == at("::1", 5300));
    BOOST_TEST(parse_endpoint("192.0.2.1:53", 5300).value() == at("192.0.2.1", 53));
}

BOOST_AUTO_TEST_CASE(says_why_a_text_is_no_endpoint) {
    struct {
        std::string text;
        std::string message;
    } const cases[] = {
        {"", "'' is not an IP address"},
        {"ns1.digitalocean.com", "'ns1.digitalocean.com' is not an IP address"},
        {"localhost:53", "'localhost:53' is not an IP address"},
        {"192.0.2", "'192.0.2' is not an IP address"},
        {"192.0.2.256", "'192.0.2.256' is not an IP address"},
        {" 192.0.2.1", "' 192.0.2.1' is not an IP address"},
        {"[192.0.2.1", "'[192.0.2.1' is not an IP address"},
        {"[2001:db8::1", "'[2001:db8::1' is not an IP address"},
        {"[]", "'[]' is not an IP address"},
        {"[", "'[' is not an IP address"},
        {"[:53", "'[:53' is not an IP address"},
        {"[]:53", "'[]:53' is not an IP address"},
        {"\x1b[2J", "'?[2J' is not an IP address"},
        {":", "':' has no port number"},
        {"192.0.2.1:", "'192.0.2.1:' has no port number"},
        {"192.0.2.1:0", "'192.0.2.1:0' has no port number"},
        {"192.0.2.1:65536", "'192.0.2.1:65536' has no port number"},
        {"192.0.2.1:+53", "'192.0.2.1:+53' has no port number"},
        {"192.0.2.1:53 ", "'192.0.2.1:53 ' has no port number"},
        {"192.0.2.1:dns", "'192.0.2.1:dns' has no port number"},
        {"[::1]:", "'[::1]:' has no port number"},
        {"[::1]:99999", "'[::1]:99999' has no port number"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const parsed = parse_endpoint(c.text, 53);
            BOOST_REQUIRE(!parsed);
            BOOST_TEST((parsed.error().kind == error_kind::usage));
            BOOST_TEST(parsed.error().message == c.message);
            BOOST_TEST(parsed.error().hint == "write <ip> or <ip>:<port>");
        }
    }
}

BOOST_AUTO_TEST_CASE(the_usual_port_is_not_shown) {
    struct {
        endpoint server;
        std::string expected;
    } const cases[] = {
        {at("192.0.2.1", 53), "192.0.2.1"},
        {at("192.0.2.1", 5353), "192.0.2.1:5353"},
        {at("2001:db8::1", 53), "2001:db8::1"},
        {at("2001:db8::1", 5353), "[2001:db8::1]:5353"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected) {
            BOOST_TEST(to_string(c.server) == c.expected);
            BOOST_TEST(parse_endpoint(c.expected, 53).value() == c.server);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_route_is_known_without_asking_anybody) {
    BOOST_TEST(has_route(at("127.0.0.1", 53)));
    BOOST_TEST(!has_route(at("255.255.255.255", 53)));
    BOOST_TEST(!has_route(at("fe80::1", 53))); // of a link that is not named
}

BOOST_AUTO_TEST_CASE(without_descriptors_no_server_counts_as_out_of_reach) {
    boost::asio::io_context io(1);
    boost::asio::steady_timer const needs_the_loop(io);
    std::optional<result<message>> answer;
    question const asked{name::parse("example.com").value(), record_type::txt};
    {
        no_descriptors const none;
        BOOST_TEST(has_route(at("192.0.2.1", 53)));
        boost::asio::co_spawn(io, ask(at("127.0.0.1", 53), asked, {}), [&](auto, auto got) {
            answer.emplace(got);
        });
        io.run();
    }
    BOOST_REQUIRE(answer.has_value());
    BOOST_REQUIRE(!*answer);
    BOOST_TEST(is_own_shortage(answer->error()));
    BOOST_TEST(
        answer->error().message == "name server 127.0.0.1 cannot be reached: Too many open files"
    );
    BOOST_TEST(!is_own_shortage({.kind = error_kind::unreachable, .code = ECONNREFUSED}));
}

BOOST_AUTO_TEST_SUITE_END()
