#include "dns/exchange.hpp"

#include "base/text.hpp"
#include "dns/letter_case.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <sys/socket.h>
#include <unistd.h>

namespace acme_dns01::dns {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

namespace {

constexpr std::array<std::chrono::milliseconds, 3> send_at{
    std::chrono::milliseconds(0), std::chrono::milliseconds(300), std::chrono::milliseconds(900)};
// Forged or late answers that one question may draw before it is given up.
constexpr int strangers_max = 32;

std::uint32_t random_bits() {
    static std::random_device device;
    return static_cast<std::uint32_t>(device());
}

letter_case random_case(std::size_t letters) {
    letter_case capitals;
    for (std::size_t i = 0; i < std::min(letters, capitals.size()); i += 32)
        capitals |= letter_case(random_bits()) << i;
    return capitals;
}

error unreachable(endpoint const& server, std::string_view why) {
    return {
        .kind = error_kind::unreachable,
        .message = "name server " + to_string(server) + " cannot be reached: " + std::string(why),
    };
}

error silent(endpoint const& server) { return unreachable(server, "it does not answer"); }

// A question as it goes out, the same with every repetition and over TCP.
struct outgoing {
    message query;
    std::vector<std::uint8_t> wire;
    bool case_counts = true;
};

result<outgoing> prepared(question asked, bool recursion_desired, bool case_counts) {
    auto const id = static_cast<std::uint16_t>(random_bits());
    auto query = make_query(std::move(asked), id, recursion_desired);
    auto wire = to_wire(query);
    if (!wire) return wire.error();
    if (case_counts) set_letter_case(*wire, random_case(wire->size()));
    return outgoing{std::move(query), std::move(*wire), case_counts};
}

bool answers(message const& query, message const& m) {
    return m.response && m.id == query.id && m.asked == query.asked;
}

// What the handlers of a timer may see: they may come when all is over.
struct udp_socket {
    asio::ip::udp::socket socket;
    clock::time_point until{};
};

struct udp_exchange {
    std::shared_ptr<udp_socket> over;
    asio::steady_timer timer;
    endpoint server;
    outgoing const& sent;
    int strangers = 0;
    // An answer came that fits but for its case.
    bool case_is_lost = false;
};

// What is received then ends with an error. One timer does for all that comes before.
void end_at(udp_exchange& x, clock::time_point until) {
    x.over->until = until;
    x.timer.expires_at(until);
    x.timer.async_wait([over = x.over](error_code ec) {
        error_code ignored;
        if (!ec && clock::now() >= over->until) over->socket.cancel(ignored);
    });
}

// Nothing when `until` came first, or the case was lost.
async_result<std::optional<message>> receive(udp_exchange& x, clock::time_point until) {
    std::array<std::uint8_t, 4096> buffer{};
    end_at(x, until);
    while (x.strangers < strangers_max) {
        error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        auto const space = asio::buffer(buffer);
        auto const size = co_await x.over->socket.async_receive(space, token);
        if (ec == asio::error::operation_aborted) co_return std::optional<message>();
        if (ec) co_return unreachable(x.server, ec.message());
        auto const bytes = std::span(buffer).first(size);
        auto m = from_wire(bytes);
        if (m && answers(x.sent.query, *m)) {
            x.case_is_lost = x.sent.case_counts && !repeats_question(x.sent.wire, bytes);
            if (x.case_is_lost) co_return std::optional<message>();
            co_return std::optional(std::move(*m));
        }
        ++x.strangers;
    }
    co_return unreachable(x.server, "only answers to other questions came");
}

// Nothing when the case was lost. Sending one datagram blocks nobody.
async_result<std::optional<message>> ask_over_udp(udp_exchange& x, clock::time_point end) {
    auto const start = clock::now();
    for (std::size_t i = 0; i < send_at.size(); ++i) {
        if (i > 0 && clock::now() >= end) break;
        error_code ec;
        x.over->socket.send(asio::buffer(x.sent.wire), 0, ec);
        if (ec) co_return unreachable(x.server, ec.message());
        auto const last = i + 1 == send_at.size();
        auto const until = last ? end : std::min(end, start + send_at.at(i + 1));
        auto received = co_await receive(x, until);
        if (!received || received->has_value() || x.case_is_lost) co_return received;
        // Ended from outside: nobody wants to know any more.
        if (clock::now() < until) break;
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

async_result<message> ask_over_tcp(endpoint server, outgoing const& sent) {
    auto const executor = co_await asio::this_coro::executor;
    asio::ip::tcp::socket socket(executor);
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    asio::ip::tcp::endpoint const address(server.address(), server.port());
    co_await socket.async_connect(address, token);
    if (ec) co_return unreachable(server, "over TCP: " + ec.message());
    auto const framed = with_length(sent.wire);
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
    if (!answers(sent.query, *m)) {
        co_return unreachable(server, "over TCP: it answered something else");
    }
    co_return std::move(*m);
}

// Over UDP, and over TCP where that was not enough. Nothing when the case was lost.
async_result<std::optional<message>>
exchange(endpoint server, outgoing const& sent, clock::time_point end) {
    using namespace asio::experimental::awaitable_operators;
    auto const executor = co_await asio::this_coro::executor;
    auto const over = std::make_shared<udp_socket>(udp_socket{asio::ip::udp::socket(executor)});
    udp_exchange x{over, asio::steady_timer(executor), server, sent};
    error_code ec;
    over->socket.open(server.protocol(), ec);
    if (!ec) over->socket.connect(server, ec);
    if (ec) co_return unreachable(server, ec.message());
    auto answer = co_await ask_over_udp(x, end);
    auto const is_whole = !answer || !answer->has_value() || !(*answer)->truncated;
    if (is_whole) co_return answer;
    asio::steady_timer timer(executor, end);
    error_code timer_error;
    auto timer_token = asio::redirect_error(asio::use_awaitable, timer_error);
    auto outcome = co_await (ask_over_tcp(server, sent) || timer.async_wait(timer_token));
    if (outcome.index() == 1) co_return unreachable(server, "over TCP: it does not answer");
    auto over_tcp = std::get<0>(std::move(outcome));
    if (!over_tcp) co_return over_tcp.error();
    co_return std::optional(std::move(*over_tcp));
}

result<std::uint16_t> parse_port(std::string_view text, std::string_view whole) {
    auto const port = number_in<std::uint16_t>(text);
    if (port && *port != 0) return *port;
    return error{
        .kind = error_kind::usage,
        .message = "'" + printable(whole, 80) + "' has no port number",
        .hint = "write <ip> or <ip>:<port>",
    };
}

} // namespace

async_result<message> ask(endpoint server, question asked, ask_options options) {
    auto const end = clock::now() + options.patience;
    auto const scattered = prepared(asked, options.recursion_desired, true);
    if (!scattered) co_return scattered.error();
    auto answer = co_await exchange(server, *scattered, end);
    if (!answer) co_return answer.error();
    if (answer->has_value()) co_return std::move(**answer);
    auto const plain = prepared(asked, options.recursion_desired, false);
    if (!plain) co_return plain.error();
    auto plain_answer = co_await exchange(server, *plain, end);
    if (!plain_answer) co_return plain_answer.error();
    co_return std::move(plain_answer->value());
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
    auto const socket = ::socket(server.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return false;
    auto const size = static_cast<socklen_t>(server.size());
    auto const connected = ::connect(socket, server.data(), size) == 0;
    ::close(socket);
    return connected;
}

std::string to_string(endpoint const& server) {
    auto const address = server.address().to_string();
    auto const shown = server.address().is_v6() ? "[" + address + "]" : address;
    return server.port() == 53 ? address : shown + ":" + std::to_string(server.port());
}

} // namespace acme_dns01::dns
