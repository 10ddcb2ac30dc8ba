#include "net/https_client.hpp"

#include "base/text.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>

namespace acme_dns01::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// A host with many dead addresses must not eat the whole deadline with its first one.
constexpr seconds connect_limit{5.0};

error unreachable(base_url const& url, std::string_view why) {
    return {
        .kind = error_kind::unreachable,
        .message = url.origin() + " cannot be reached: " + std::string(why),
        .hint = "check this host's network and name resolution, and --api-url",
    };
}

error no_answer(base_url const& url, std::string_view why) {
    return {
        .kind = error_kind::no_answer,
        .message = url.origin() + " did not answer: " + std::string(why),
        .hint = "try again later",
    };
}

error bad_http(base_url const& url, std::string_view why) {
    return {
        .kind = error_kind::bad_answer,
        .message = url.origin() + " sent what is no answer: " + std::string(why),
        .hint = "check --api-url: is that DigitalOcean's API?",
    };
}

std::string reason(error_code ec) {
    return ec == beast::error::timeout ? "the time limit was reached" : ec.message();
}

// Hashed directories hold links such as 4bfab552.0, made by c_rehash.
bool is_hashed_directory(std::filesystem::path const& directory) {
    std::error_code ec;
    std::filesystem::directory_iterator entries(directory, ec);
    if (ec) return false;
    for (auto const& entry : entries) {
        if (entry.path().extension() == ".0") return true;
    }
    return false;
}

std::optional<error> load_file(asio::ssl::context& context, std::string const& file) {
    error_code ec;
    context.load_verify_file(file, ec);
    if (!ec) return std::nullopt;
    return error{
        .kind = error_kind::configuration,
        .message = "no trusted certificates in " + file + ": " + ec.message(),
        .hint = "name a PEM file with --ca-file or SSL_CERT_FILE",
    };
}

std::optional<error> load_trust(asio::ssl::context& context, trust const& trusted) {
    if (!trusted.ca_file.empty()) return load_file(context, trusted.ca_file);
    if (!trusted.cert_file.empty()) {
        if (auto failure = load_file(context, trusted.cert_file)) return failure;
    }
    auto const directories =
        trusted.cert_dir.empty() ? ::X509_get_default_cert_dir() : trusted.cert_dir;
    auto usable = false;
    for (auto const& directory : split(directories, ":")) {
        if (!is_hashed_directory(directory)) continue;
        error_code ec;
        context.add_verify_path(directory, ec);
        usable = usable || !ec;
    }
    if (usable || !trusted.cert_file.empty() || !trusted.cert_dir.empty()) return std::nullopt;
    return load_file(context, ::X509_get_default_cert_file());
}

std::string serialized(http::request<http::string_body>& message) {
    http::request_serializer<http::string_body> serializer(message);
    std::string wire;
    while (!serializer.is_done()) {
        error_code ec;
        serializer.next(ec, [&](error_code&, auto const& buffers) {
            wire += beast::buffers_to_string(buffers);
            serializer.consume(beast::buffer_bytes(buffers));
        });
        if (ec) throw std::logic_error("a request does not serialise: " + ec.message());
    }
    return wire;
}

std::string wire_of(base_url const& url, request const& asked, secret const& bearer) {
    auto const verb = http::string_to_verb(asked.method);
    http::request<http::string_body> message(verb, url.prefix + asked.target, 11);
    auto const authority = url.origin().substr(std::string_view("https://").size());
    message.set(http::field::host, authority);
    message.set(http::field::user_agent, "acme-dns01/" ACME_DNS01_VERSION);
    message.set(http::field::accept, "application/json");
    if (!bearer.empty()) {
        auto header = "Bearer " + std::string(bearer.reveal());
        message.set(http::field::authorization, header);
        wipe(header);
    }
    if (!asked.body.empty()) {
        message.set(http::field::content_type, "application/json");
        message.body() = asked.body;
    }
    message.prepare_payload();
    return serialized(message);
}

response to_response(http::response<http::string_body>&& message) {
    response answer;
    answer.status = message.result_int();
    for (auto const& field : message) {
        answer
            .headers[lower(std::string_view(field.name_string().data(), field.name_string().size())
            )] = std::string(field.value());
    }
    answer.body = std::move(message.body());
    return answer;
}

bool may_be_repeated(request const& asked) { return asked.method != "POST"; }

} // namespace

void limit_name_resolution(seconds limit) {
    auto const timeout = std::clamp(static_cast<int>(limit.count() / 2), 1, 3);
    auto const attempts = limit.count() < 2 ? 1 : 2;
    auto const options =
        "timeout:" + std::to_string(timeout) + " attempts:" + std::to_string(attempts);
    ::setenv("RES_OPTIONS", options.c_str(), 0);
}

// One TLS connection and what is known of its health.
class https_client::connection {
public:
    connection(asio::any_io_executor executor, base_url const& url)
        : executor_(executor), url_(url), context_(asio::ssl::context::tls_client) {
        ::SSL_CTX_set_min_proto_version(context_.native_handle(), TLS1_2_VERSION);
        context_.set_verify_mode(asio::ssl::verify_peer);
    }

    asio::awaitable<std::optional<error>> open(trust const& trusted, deadline limit);
    asio::awaitable<result<response>> exchange(std::string const& wire, deadline limit);
    // A peer that closed, or that said something unasked, is not talked to again.
    bool is_fresh();

private:
    using stream = asio::ssl::stream<beast::tcp_stream>;

    asio::awaitable<result<tcp::resolver::results_type>> addresses(deadline limit);
    asio::awaitable<std::optional<error>> open_at(tcp::endpoint address, deadline limit);
    std::optional<error> demand_host_name();
    error handshake_failure(error_code ec);
    asio::awaitable<result<response>> receive();

    asio::any_io_executor executor_;
    base_url const& url_;
    asio::ssl::context context_;
    std::optional<stream> stream_;
    bool reusable_ = false;
};

asio::awaitable<result<tcp::resolver::results_type>>
https_client::connection::addresses(deadline limit) {
    using namespace asio::experimental::awaitable_operators;
    tcp::resolver resolver(executor_);
    asio::steady_timer timer(executor_, limit.left());
    error_code resolve_error;
    error_code timer_error;
    auto resolve_token = asio::redirect_error(asio::use_awaitable, resolve_error);
    auto timer_token = asio::redirect_error(asio::use_awaitable, timer_error);
    auto outcome = co_await (
        resolver.async_resolve(
            url_.host, url_.port, tcp::resolver::numeric_service, resolve_token
        ) ||
        timer.async_wait(timer_token)
    );
    auto const about = "looking up " + url_.host + ": ";
    if (outcome.index() == 1) co_return unreachable(url_, about + "the time limit was reached");
    if (resolve_error) co_return unreachable(url_, about + resolve_error.message());
    co_return std::get<0>(std::move(outcome));
}

std::optional<error> https_client::connection::demand_host_name() {
    auto* const ssl = stream_->native_handle();
    error_code not_an_address;
    asio::ip::make_address(url_.host, not_an_address);
    if (!not_an_address) {
        auto* const parameters = ::SSL_get0_param(ssl);
        if (::X509_VERIFY_PARAM_set1_ip_asc(parameters, url_.host.c_str()) == 1) return {};
    } else if (::SSL_set1_host(ssl, url_.host.c_str()) == 1 &&
               SSL_set_tlsext_host_name(ssl, url_.host.c_str()) == 1) {
        return {};
    }
    return unreachable(url_, "its name cannot be verified");
}

error https_client::connection::handshake_failure(error_code ec) {
    auto const verdict = ::SSL_get_verify_result(stream_->native_handle());
    if (verdict == X509_V_OK) return unreachable(url_, "TLS failed: " + reason(ec));
    auto failure = unreachable(
        url_,
        "its certificate is not trusted: " + std::string(::X509_verify_cert_error_string(verdict))
    );
    failure.hint = "check this host's clock and trust store, or name its CA with --ca-file";
    return failure;
}

asio::awaitable<std::optional<error>>
https_client::connection::open_at(tcp::endpoint address, deadline limit) {
    stream_.emplace(executor_, context_);
    if (auto failure = demand_host_name()) co_return failure;
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    auto& transport = beast::get_lowest_layer(*stream_);
    transport.expires_at(limit.at_most(to_duration(connect_limit)).end());
    co_await transport.async_connect(address, token);
    if (ec) {
        auto const where = address.address().to_string() + " port " + url_.port;
        co_return unreachable(url_, where + ": " + reason(ec));
    }
    transport.socket().set_option(tcp::no_delay(true), ec);
    co_await stream_->async_handshake(asio::ssl::stream_base::client, token);
    if (ec) co_return handshake_failure(ec);
    reusable_ = true;
    co_return std::nullopt;
}

asio::awaitable<std::optional<error>>
https_client::connection::open(trust const& trusted, deadline limit) {
    if (auto failure = load_trust(context_, trusted)) co_return failure;
    auto const found = co_await addresses(limit);
    if (!found) co_return found.error();
    std::optional<error> failure = unreachable(url_, "the time limit was reached");
    for (auto const& entry : *found) {
        if (limit.over()) break;
        failure = co_await open_at(entry.endpoint(), limit);
        if (!failure) break;
    }
    co_return failure;
}

bool https_client::connection::is_fresh() {
    if (!stream_ || !reusable_) return false;
    char byte = 0;
    auto const handle = stream_->next_layer().socket().native_handle();
    auto const size = ::recv(handle, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

asio::awaitable<result<response>>
https_client::connection::exchange(std::string const& wire, deadline limit) {
    reusable_ = false;
    beast::get_lowest_layer(*stream_).expires_at(limit.end());
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    co_await asio::async_write(*stream_, asio::buffer(wire), token);
    if (ec) co_return no_answer(url_, "the connection broke while sending (" + reason(ec) + ")");
    auto answer = co_await receive();
    co_return answer;
}

asio::awaitable<result<response>> https_client::connection::receive() {
    http::response_parser<http::string_body> parser;
    parser.eager(true);
    parser.header_limit(header_max);
    parser.body_limit(body_max);
    beast::flat_static_buffer<2 * header_max> buffer;
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    while (!parser.is_done()) {
        auto const room = buffer.prepare(buffer.max_size() - buffer.size());
        auto const size = co_await stream_->async_read_some(room, token);
        buffer.commit(size);
        if (ec == asio::error::eof && parser.got_some()) {
            error_code parse_error;
            parser.put_eof(parse_error);
            if (!parse_error && parser.is_done()) break;
        }
        if (ec) co_return no_answer(url_, reason(ec));
        error_code parse_error;
        buffer.consume(parser.put(buffer.data(), parse_error));
        if (parse_error == http::error::need_more) continue;
        if (parse_error) co_return bad_http(url_, parse_error.message());
    }
    reusable_ = parser.get().keep_alive() && buffer.size() == 0;
    co_return to_response(parser.release());
}

https_client::https_client(asio::any_io_executor executor, base_url url, trust trusted)
    : executor_(std::move(executor)), url_(std::move(url)), trusted_(std::move(trusted)) {}

https_client::~https_client() = default;

asio::awaitable<result<response>>
https_client::attempt(request const& asked, secret const& bearer, deadline limit) {
    if (limit.over()) co_return unreachable(url_, "the time limit was reached");
    if (!connection_ || !connection_->is_fresh()) {
        connection_ = std::make_unique<connection>(executor_, url_);
        auto const failure = co_await connection_->open(trusted_, limit);
        if (failure) {
            connection_.reset();
            co_return *failure;
        }
    }
    auto wire = wire_of(url_, asked, bearer);
    auto answer = co_await connection_->exchange(wire, limit);
    wipe(wire);
    co_return answer;
}

asio::awaitable<result<response>>
https_client::exchange(request const& asked, secret const& bearer, deadline limit) {
    limit = limit.at_most(to_duration(exchange_limit));
    auto const kept = connection_ && connection_->is_fresh();
    auto answer = co_await attempt(asked, bearer, limit);
    auto const may_be_stale = !answer && answer.error().kind == error_kind::no_answer && kept;
    if (!may_be_stale || !may_be_repeated(asked) || limit.over()) co_return answer;
    auto second = co_await attempt(asked, bearer, limit);
    co_return second;
}

} // namespace acme_dns01::net
