#include "dns/exchange.hpp"

#include "base/text.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <random>

namespace acme_dns01::dns {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

namespace {

constexpr std::array<std::chrono::milliseconds, 3> send_at{
    std::chrono::milliseconds(0), std::chrono::milliseconds(300), std::chrono::milliseconds(900)};
// Forged or late answers that one question may draw before it is given up.
constexpr int strangers_max = 32;

std::uint16_t random_id() {
    static std::random_device device;
    return static_cast<std::uint16_t>(device());
}

error unreachable(endpoint const& server, std::string_view why) {
    return {
        .kind = error_kind::unreachable,
        .message = "name server " + to_string(server) + " cannot be reached: " + std::string(why),
    };
}

error silent(endpoint const& server) { return unreachable(server, "it does not answer"); }

bool answers(message const& query, message const& m) {
    return m.response && m.id == query.id && m.asked == query.asked;
}

struct udp_exchange {
    asio::ip::udp::socket socket;
    endpoint server;
    message const& query;
    std::vector<std::uint8_t> const& wire;
    int strangers = 0;
};

// Nothing when `until` came first.
awaitable<result<std::optional<message>>> receive(udp_exchange& x, clock::time_point until) {
    using namespace asio::experimental::awaitable_operators;
    std::array<std::uint8_t, 4096> buffer{};
    asio::steady_timer timer(x.socket.get_executor(), until);
    while (x.strangers < strangers_max) {
        error_code ec;
        error_code timer_error;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        auto timer_token = asio::redirect_error(asio::use_awaitable, timer_error);
        auto const space = asio::buffer(buffer);
        auto const outcome =
            co_await (x.socket.async_receive(space, token) || timer.async_wait(timer_token));
        if (outcome.index() == 1) co_return std::optional<message>();
        if (ec) co_return unreachable(x.server, ec.message());
        auto m = from_wire(std::span(buffer).first(std::get<0>(outcome)));
        if (m && answers(x.query, *m)) co_return std::optional(std::move(*m));
        ++x.strangers;
    }
    co_return unreachable(x.server, "only answers to other questions came");
}

awaitable<result<message>> ask_over_udp(udp_exchange& x, clock::time_point end) {
    auto const start = clock::now();
    for (std::size_t i = 0; i < send_at.size(); ++i) {
        if (clock::now() >= end) break;
        error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        co_await x.socket.async_send(asio::buffer(x.wire), token);
        if (ec) co_return unreachable(x.server, ec.message());
        auto const last = i + 1 == send_at.size();
        auto const until = last ? end : std::min(end, start + send_at.at(i + 1));
        auto received = co_await receive(x, until);
        if (!received) co_return received.error();
        if (received->has_value()) co_return std::move(**received);
    }
    co_return silent(x.server);
}

std::vector<std::uint8_t> with_length(std::vector<std::uint8_t> const& wire) {
    std::vector<std::uint8_t> framed(2 + wire.size());
    framed[0] = static_cast<std::uint8_t>(wire.size() >> 8);
    framed[1] = static_cast<std::uint8_t>(wire.size());
    std::ranges::copy(wire, framed.begin() + 2);
    return framed;
}

awaitable<result<message>>
ask_over_tcp(endpoint server, message const& query, std::vector<std::uint8_t> const& wire) {
    auto const executor = co_await asio::this_coro::executor;
    asio::ip::tcp::socket socket(executor);
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    asio::ip::tcp::endpoint const address(server.address(), server.port());
    co_await socket.async_connect(address, token);
    if (ec) co_return unreachable(server, "over TCP: " + ec.message());
    auto const framed = with_length(wire);
    co_await asio::async_write(socket, asio::buffer(framed), token);
    if (ec) co_return unreachable(server, "over TCP: " + ec.message());
    std::array<std::uint8_t, 2> length{};
    co_await asio::async_read(socket, asio::buffer(length), token);
    if (ec) co_return unreachable(server, "over TCP: " + ec.message());
    std::vector<std::uint8_t> answer(static_cast<std::size_t>(length[0]) << 8 | length[1]);
    co_await asio::async_read(socket, asio::buffer(answer), token);
    if (ec) co_return unreachable(server, "over TCP: " + ec.message());
    auto m = from_wire(answer);
    if (!m) co_return m.error();
    if (!answers(query, *m)) co_return unreachable(server, "over TCP: it answered something else");
    co_return std::move(*m);
}

result<std::uint16_t> parse_port(std::string_view text, std::string_view whole) {
    std::uint16_t port = 0;
    auto const end = text.data() + text.size();
    auto const [stop, ec] = std::from_chars(text.data(), end, port);
    if (ec == std::errc() && stop == end && port != 0) return port;
    return error{
        .kind = error_kind::usage,
        .message = "'" + printable(whole, 80) + "' has no port number",
        .hint = "write <ip> or <ip>:<port>",
    };
}

} // namespace

awaitable<result<message>> ask(endpoint server, question asked, ask_options options) {
    using namespace asio::experimental::awaitable_operators;
    auto const end = clock::now() + options.patience;
    auto const query = make_query(std::move(asked), random_id(), options.recursion_desired);
    auto const wire = to_wire(query);
    if (!wire) co_return wire.error();
    auto const executor = co_await asio::this_coro::executor;
    udp_exchange x{asio::ip::udp::socket(executor), server, query, *wire};
    error_code ec;
    x.socket.open(server.protocol(), ec);
    if (!ec) x.socket.connect(server, ec);
    if (ec) co_return unreachable(server, ec.message());
    auto answer = co_await ask_over_udp(x, end);
    if (!answer || !answer->truncated) co_return answer;
    asio::steady_timer timer(executor, end);
    error_code timer_error;
    auto timer_token = asio::redirect_error(asio::use_awaitable, timer_error);
    auto outcome = co_await (ask_over_tcp(server, query, *wire) || timer.async_wait(timer_token));
    if (outcome.index() == 1) co_return unreachable(server, "over TCP: it does not answer");
    co_return std::get<0>(std::move(outcome));
}

result<endpoint> parse_endpoint(std::string_view text, std::uint16_t default_port) {
    auto address = text;
    auto port = default_port;
    auto const colon = text.rfind(':');
    auto const is_bracketed = text.starts_with('[');
    auto const has_port = colon != std::string_view::npos &&
                          (is_bracketed ? text[colon - 1] == ']' : text.find(':') == colon);
    if (has_port) {
        auto const parsed = parse_port(text.substr(colon + 1), text);
        if (!parsed) return parsed.error();
        port = *parsed;
        address = text.substr(0, colon);
    }
    if (is_bracketed && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    error_code ec;
    auto const parsed = asio::ip::make_address(std::string(address), ec);
    if (!ec) return endpoint(parsed, port);
    return error{
        .kind = error_kind::usage,
        .message = "'" + printable(text, 80) + "' is no IP address",
        .hint = "write <ip> or <ip>:<port>",
    };
}

bool has_route(endpoint const& server) {
    asio::io_context context;
    asio::ip::udp::socket socket(context);
    error_code ec;
    socket.open(server.protocol(), ec);
    if (!ec) socket.connect(server, ec);
    return !ec;
}

std::string to_string(endpoint const& server) {
    auto const address = server.address().to_string();
    auto const shown = server.address().is_v6() ? "[" + address + "]" : address;
    return server.port() == 53 ? address : shown + ":" + std::to_string(server.port());
}

} // namespace acme_dns01::dns
