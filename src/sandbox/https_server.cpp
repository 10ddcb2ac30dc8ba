#include "sandbox/https_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>

namespace acme_dns01::sandbox {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using tls_stream = asio::ssl::stream<beast::tcp_stream>;

struct https_state {
    asio::ssl::context tls{asio::ssl::context::tls_server};
    fault_injector& api;
    std::size_t open = 0; // connections
    std::size_t accepted = 0;
};

namespace {

constexpr std::size_t connections_max = 256;
constexpr std::size_t requests_max = 100'000; // on one connection
constexpr std::uint32_t header_size_max = 16 * 1024;
constexpr std::uint64_t body_size_max = 1024 * 1024;
constexpr std::size_t read_size = 8 * 1024;
constexpr std::chrono::seconds idle_max{60};
constexpr std::chrono::seconds shutdown_max{1};
constexpr std::chrono::milliseconds pause_after_failure{10};

struct received {
    api_request request;
    bool keep_alive = false;
};

using request_parser = http::request_parser<http::string_body>;

tcp::socket& socket_of(tls_stream& stream) { return beast::get_lowest_layer(stream).socket(); }

std::string text(beast::string_view view) { return {view.data(), view.size()}; }

received taken_from(request_parser& parser) {
    auto& message = parser.get();
    received r;
    r.request.method = text(message.method_string());
    r.request.target = text(message.target());
    r.request.authorization = text(message[http::field::authorization]);
    r.request.body = std::move(message.body());
    r.keep_alive = message.keep_alive();
    return r;
}

// Feeds the parser what has been received; the rest begins the next request.
error_code feed(request_parser& parser, beast::flat_buffer& buffer) {
    error_code ec;
    while (buffer.size() > 0 && !parser.is_done()) {
        auto const used = parser.put(buffer.data(), ec);
        buffer.consume(used);
        if (ec == http::error::need_more) return {};
        if (ec) return ec;
    }
    return ec;
}

// Nothing at the end of the connection, or if what arrives is not an HTTP request.
asio::awaitable<std::optional<received>> receive(tls_stream& stream, beast::flat_buffer& buffer) {
    request_parser parser;
    parser.eager(true);
    parser.header_limit(header_size_max);
    parser.body_limit(body_size_max);
    beast::get_lowest_layer(stream).expires_after(idle_max);
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    while (true) {
        if (feed(parser, buffer)) co_return std::nullopt;
        if (parser.is_done()) co_return taken_from(parser);
        auto const room = buffer.prepare(read_size);
        auto const size = co_await stream.async_read_some(room, token);
        if (ec) co_return std::nullopt;
        buffer.commit(size);
    }
}

// Unless a fault gives another.
std::string date_now() {
    auto const now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 40> text{};
    auto const size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text.data(), size};
}

struct encoded_response {
    std::string head;
    std::string body;
};

encoded_response encode(api_response const& response, bool keep_alive) {
    auto const reason = http::obsolete_reason(static_cast<http::status>(response.status));
    auto head = "HTTP/1.1 " + std::to_string(response.status) + " " + text(reason) + "\r\n";
    auto const add = [&](std::string const& name, std::string const& value) {
        head += name + ": " + value + "\r\n";
    };
    auto const& headers = response.headers;
    auto const is_date = [](auto const& h) { return h.first == "date"; };
    if (std::ranges::none_of(headers, is_date)) add("date", date_now());
    for (auto const& [name, value] : headers)
        add(name, value);
    if (!response.body.empty()) add("content-type", "application/json; charset=utf-8");
    if (response.status != 204) add("content-length", std::to_string(response.body.size()));
    if (!keep_alive) add("connection", "close");
    return {head + "\r\n", response.body};
}

asio::awaitable<void> wait(asio::any_io_executor executor, seconds delay) {
    asio::steady_timer timer(executor, to_duration(delay));
    co_await timer.async_wait(asio::use_awaitable);
}

// True if everything was sent.
asio::awaitable<bool> send(tls_stream& stream, std::string_view bytes) {
    beast::get_lowest_layer(stream).expires_after(idle_max);
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    co_await asio::async_write(stream, asio::buffer(bytes.data(), bytes.size()), token);
    co_return !ec;
}

asio::awaitable<bool> send_slowly(tls_stream& stream, std::string_view bytes, seconds between) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto const sent = co_await send(stream, bytes.substr(i, 1));
        if (!sent) co_return false;
        co_await wait(stream.get_executor(), between);
    }
    co_return true;
}

void close(tls_stream& stream) {
    error_code ignored;
    socket_of(stream).close(ignored);
}

// With linger 0 the peer sees a reset instead of an end.
void reset(tls_stream& stream) {
    error_code ignored;
    socket_of(stream).set_option(tcp::socket::linger(true, 0), ignored);
    close(stream);
}

asio::awaitable<void> shut_down(tls_stream& stream) {
    beast::get_lowest_layer(stream).expires_after(shutdown_max);
    error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await stream.async_shutdown(token);
    close(stream);
}

// The head and half of the body, or half of the head if there is no body.
std::string_view beginning(std::string_view whole, std::size_t head_size) {
    auto const body_size = whole.size() - head_size;
    return whole.substr(0, body_size == 0 ? head_size / 2 : head_size + body_size / 2);
}

// True if the connection may be used for another request.
asio::awaitable<bool>
respond(tls_stream& stream, fault_injector& api, received r, std::optional<fault> wrong) {
    auto const what = wrong ? std::optional(wrong->action) : std::nullopt;
    if (what == fault_action::reset_before) {
        api.note_reset(r.request);
        reset(stream);
        co_return false;
    }
    if (what == fault_action::delay) co_await wait(stream.get_executor(), wrong->delay);
    r.request.at = moment::now();
    auto const [head, body] = encode(api.handle(r.request, wrong), r.keep_alive);
    auto const whole = head + body;
    if (what == fault_action::reset_after) {
        reset(stream);
        co_return false;
    }
    if (what == fault_action::cut_short) {
        co_await send(stream, beginning(whole, head.size()));
        close(stream);
        co_return false;
    }
    if (what == fault_action::slowly) {
        auto const sent = co_await send_slowly(stream, whole, wrong->delay);
        co_return sent;
    }
    auto const sent = co_await send(stream, whole);
    if (what == fault_action::close_after) close(stream);
    co_return sent&& what != fault_action::close_after;
}

asio::awaitable<void> converse(tcp::socket socket, https_state& server) {
    tls_stream stream(beast::tcp_stream(std::move(socket)), server.tls);
    error_code ec;
    socket_of(stream).set_option(tcp::no_delay(true), ec);
    beast::get_lowest_layer(stream).expires_after(idle_max);
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    co_await stream.async_handshake(asio::ssl::stream_base::server, token);
    if (ec) co_return;
    beast::flat_buffer buffer(2 * (header_size_max + read_size));
    for (std::size_t i = 0; i < requests_max; ++i) {
        auto r = co_await receive(stream, buffer);
        if (!r) break;
        auto const keep_alive = r->keep_alive;
        auto wrong = server.api.next_fault(r->request);
        auto const usable = co_await respond(stream, server.api, std::move(*r), std::move(wrong));
        if (!usable) co_return;
        if (!keep_alive) break;
    }
    co_await shut_down(stream);
}

asio::awaitable<void> accept_connections(tcp::acceptor acceptor, https_state& server) {
    while (true) {
        error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        auto socket = co_await acceptor.async_accept(token);
        if (ec == asio::error::operation_aborted) co_return;
        if (ec) co_await wait(acceptor.get_executor(), pause_after_failure);
        if (ec || server.open >= connections_max) continue;
        auto conversation = converse(std::move(socket), server);
        ++server.open;
        ++server.accepted;
        asio::co_spawn(
            acceptor.get_executor(),
            std::move(conversation),
            [&server](std::exception_ptr const&) { --server.open; }
        );
    }
}

} // namespace

https_server::https_server(asio::io_context& io, key_pair const& identity, fault_injector& api)
    : state_(new https_state{.api = api}) {
    auto& tls = state_->tls;
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    tls.use_certificate_chain(asio::buffer(identity.certificate));
    tls.use_private_key(asio::buffer(identity.key), asio::ssl::context::pem);
    tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    port_ = acceptor.local_endpoint().port();
    asio::co_spawn(io, accept_connections(std::move(acceptor), *state_), asio::detached);
}

https_server::~https_server() = default;

std::size_t https_server::accepted() const { return state_->accepted; }

} // namespace acme_dns01::sandbox
