#include "dns/exchange.hpp"

#include "base/concurrent.hpp"
#include "base/text.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cerrno>
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
// A question is given up after so many forged or late answers.
constexpr int strays_max = 32;

// A question as it is sent, the same with every repetition and over TCP.
struct outgoing {
    endpoint server;
    message query;
    std::vector<std::uint8_t> wire;
};

result<outgoing> prepared(endpoint const& server, question asked, ask_options const& options) {
    static std::random_device device;
    auto const id = static_cast<std::uint16_t>(device());
    auto query = make_query(std::move(asked), id, options.recursion_desired);
    query.dnssec_ok = options.dnssec_ok;
    if (!options.edns) query.edns_size = 0;
    auto wire = query_wire(query);
    if (!wire) return wire.error();
    return outgoing{server, std::move(query), std::move(*wire)};
}

bool is_answer_to(message const& query, message const& m) {
    return m.response && m.id == query.id && m.asked == query.asked;
}

error unreachable(outgoing const& sent, std::string_view why) {
    std::string const role = sent.query.recursion_desired ? "resolver " : "name server ";
    return {
        .kind = error_kind::unreachable,
        .message = role + to_string(sent.server) + " cannot be reached: " + std::string(why),
    };
}

error unreachable(outgoing const& sent, error_code why, std::string_view how = "") {
    auto failure = unreachable(sent, std::string(how) + why.message());
    failure.code = why.value();
    return failure;
}

constexpr auto over_tcp = "over TCP: ";

// Shared with the timer's handlers, which may run after the exchange has ended.
struct udp_socket {
    asio::ip::udp::socket socket;
    clock::time_point until{};
};

struct udp_exchange {
    // A program that is started next must not inherit it, and the timer's handlers still hold it.
    ~udp_exchange() {
        error_code ignored;
        over->socket.close(ignored);
    }

    std::shared_ptr<udp_socket> over;
    asio::steady_timer timer;
    outgoing const& sent;
    int strays = 0;
};

// Ends what is being received at `until`. One timer serves the whole exchange: a timer or a
// parallel group for each datagram would cost more than the datagram.
void end_at(udp_exchange& x, clock::time_point until) {
    x.over->until = until;
    x.timer.expires_at(until);
    x.timer.async_wait([over = x.over](error_code ec) {
        error_code ignored;
        if (!ec && clock::now() >= over->until) over->socket.cancel(ignored);
    });
}

// Nothing if `until` came first.
async_result<std::optional<message>> receive(udp_exchange& x, clock::time_point until) {
    std::array<std::uint8_t, 4096> buffer{};
    end_at(x, until);
    while (x.strays < strays_max) {
        error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        auto const space = asio::buffer(buffer);
        auto const size = co_await x.over->socket.async_receive(space, token);
        if (ec == asio::error::operation_aborted) co_return std::optional<message>();
        // The socket is connected: a refusal by ICMP arrives here.
        if (ec) co_return unreachable(x.sent, ec);
        auto m = from_wire(std::span(buffer).first(size));
        if (m && is_answer_to(x.sent.query, *m)) co_return std::optional(std::move(*m));
        ++x.strays;
    }
    co_return unreachable(x.sent, "only answers to other questions came");
}

async_result<message> ask_over_udp(outgoing const& sent, clock::time_point end) {
    // Connected, so that the kernel drops what comes from elsewhere and reports refusals.
    auto const executor = co_await asio::this_coro::executor;
    auto const over = std::make_shared<udp_socket>(udp_socket{asio::ip::udp::socket(executor)});
    udp_exchange x{over, asio::steady_timer(executor), sent};
    error_code ec;
    over->socket.open(sent.server.protocol(), ec);
    if (!ec) over->socket.connect(sent.server, ec);
    if (ec) co_return unreachable(sent, ec);
    auto const start = clock::now();
    for (std::size_t i = 0; i < send_at.size(); ++i) {
        if (i > 0 && clock::now() >= end) break;
        // Sent synchronously: one datagram does not block.
        over->socket.send(asio::buffer(sent.wire), 0, ec);
        if (ec) co_return unreachable(sent, ec);
        // Wait until the next repetition is due; after the last one, as long as patience lasts.
        auto const is_last = i + 1 == send_at.size();
        auto const until = is_last ? end : std::min(end, start + send_at.at(i + 1));
        auto received = co_await receive(x, until);
        if (!received) co_return received.error();
        if (received->has_value()) co_return std::move(**received);
        // Too early for the timer: the caller has cancelled the exchange.
        if (clock::now() < until) break;
    }
    co_return unreachable(sent, "it does not answer");
}

async_result<message> ask_over_tcp(outgoing const& sent) {
    auto const executor = co_await asio::this_coro::executor;
    asio::ip::tcp::socket socket(executor);
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    asio::ip::tcp::endpoint const address(sent.server.address(), sent.server.port());
    co_await socket.async_connect(address, token);
    if (ec) co_return unreachable(sent, ec, over_tcp);
    auto const framed = with_tcp_length(sent.wire);
    co_await asio::async_write(socket, asio::buffer(framed), token);
    if (ec) co_return unreachable(sent, ec, over_tcp);
    tcp_length length{};
    co_await asio::async_read(socket, asio::buffer(length), token);
    if (ec) co_return unreachable(sent, ec, over_tcp);
    std::vector<std::uint8_t> answer(size_from(length));
    co_await asio::async_read(socket, asio::buffer(answer), token);
    if (ec) co_return unreachable(sent, ec, over_tcp);
    auto m = from_wire(answer);
    if (!m) co_return m.error();
    if (!is_answer_to(sent.query, *m))
        co_return unreachable(sent, "over TCP: it answered something else");
    co_return std::move(*m);
}

error no_endpoint(std::string_view text, std::string_view why) {
    return {
        .kind = error_kind::usage,
        .message = in_quotes(text, 80) + std::string(why),
        .hint = "write <ip> or <ip>:<port>",
    };
}

// Wakes the task that waits for responses.
struct responses {
    explicit responses(asio::any_io_executor const& executor) : changed(executor) {}
    std::vector<response> all; // in the order in which they came
    asio::steady_timer changed;
};

awaitable<bool>
ask_one(std::shared_ptr<responses> came, endpoint server, question asked, ask_options options) {
    response r{server};
    r.answer = co_await ask(server, std::move(asked), options);
    came->all.push_back(std::move(r));
    came->changed.cancel();
    co_return true;
}

// Until there are more than `count`, or until `end`.
awaitable<void> wait_for_more(responses& came, std::size_t count, clock::time_point end) {
    while (came.all.size() <= count && clock::now() < end) {
        error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        came.changed.expires_at(end);
        co_await came.changed.async_wait(token);
    }
}

} // namespace

async_result<message> ask(endpoint server, question asked, ask_options options) {
    using namespace asio::experimental::awaitable_operators;
    auto const end = clock::now() + options.patience;
    auto const sent = prepared(server, std::move(asked), options);
    if (!sent) co_return sent.error();
    if (!options.over_tcp) {
        auto answer = co_await ask_over_udp(*sent, end);
        if (!answer || !answer->truncated) co_return answer;
    }
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, end);
    error_code timer_error;
    auto timer_token = asio::redirect_error(asio::use_awaitable, timer_error);
    auto outcome = co_await (ask_over_tcp(*sent) || timer.async_wait(timer_token));
    if (outcome.index() == 1) co_return unreachable(*sent, "over TCP: it does not answer");
    co_return std::get<0>(std::move(outcome));
}

awaitable<std::vector<response>> first_answer(
    std::vector<endpoint> servers,
    question asked,
    ask_options options,
    std::function<bool(message const&)> is_useful
) {
    auto const executor = co_await asio::this_coro::executor;
    auto const came = std::make_shared<responses>(executor);
    background_tasks questions(executor);
    std::size_t seen = 0;
    for (std::size_t started = 0; seen < servers.size();) {
        // One more server: the last one has failed, or its head start is over.
        auto const are_left = started < servers.size();
        if (are_left) questions.start(ask_one(came, servers[started++], asked, options));
        // Once all are asked, each of them ends by its own patience.
        auto const end =
            started < servers.size() ? clock::now() + head_start : clock::time_point::max();
        co_await wait_for_more(*came, seen, end);
        for (; seen < came->all.size(); ++seen) {
            auto const& r = came->all[seen];
            auto const is_last = r.answer && is_useful(*r.answer);
            if (is_last) came->all.resize(seen + 1);
            if (is_last) co_return came->all;
        }
    }
    co_return came->all;
}

result<endpoint> parse_endpoint(std::string_view text, std::uint16_t default_port) {
    auto address = text;
    auto port = default_port;
    auto const colon = text.rfind(':');
    auto const is_bracketed = text.starts_with('[');
    auto const has_port = colon != std::string_view::npos &&
                          (is_bracketed ? text[colon - 1] == ']' : text.find(':') == colon);
    if (has_port) {
        port = number_in<std::uint16_t>(text.substr(colon + 1)).value_or(0);
        if (port == 0) return no_endpoint(text, " has no port number");
        address = text.substr(0, colon);
    }
    if (is_bracketed && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    error_code ec;
    auto const parsed = asio::ip::make_address(std::string(address), ec);
    if (ec) return no_endpoint(text, " is not an IP address");
    return endpoint(parsed, port);
}

bool is_own_shortage(error const& failure) {
    return failure.code == EMFILE || failure.code == ENFILE || failure.code == ENOBUFS ||
           failure.code == ENOMEM;
}

bool has_route(endpoint const& server) {
    auto const socket = ::socket(server.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return errno != EAFNOSUPPORT;
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
