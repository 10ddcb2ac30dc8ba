#include "net/https_client.hpp"

#include "base/file.hpp"
#include "base/shortage.hpp"
#include "base/text.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

namespace acme_dns01::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// The first of a host's dead addresses must not take up the whole deadline.
constexpr seconds connect_limit{5.0};

std::string reason(error_code ec) {
    return ec == beast::error::timeout ? "the time limit was reached" : ec.message();
}

// Hashed directories hold links such as 4bfab552.0, made by c_rehash.
bool is_hashed_directory(std::filesystem::path const& directory) {
    std::error_code ec;
    std::filesystem::directory_iterator const entries(directory, ec);
    auto const is_link = [](auto const& entry) { return entry.path().extension() == ".0"; };
    return !ec && std::any_of(begin(entries), end(entries), is_link);
}

std::optional<error> load_file(asio::ssl::context& context, std::string const& file) {
    constexpr std::size_t size_max = 16UL * 1024 * 1024;
    auto const safe = check_owners("the CA file", file);
    if (!safe) return safe.error();
    std::error_code unreadable;
    auto const text = text_of_file(file, size_max, unreadable);
    error_code ec = unreadable;
    if (!ec) context.add_certificate_authority(asio::buffer(text), ec);
    if (!ec) return std::nullopt;
    error const unusable{
        .kind = error_kind::configuration,
        .message = "no trusted certificates in " + file + ": " + ec.message(),
        .hint = "name a PEM file with --ca-file or SSL_CERT_FILE",
    };
    return unless_short(unusable, ec);
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
        auto const safe = check_owners("the CA folder", directory);
        if (!safe) return safe.error();
        error_code ec;
        context.add_verify_path(directory, ec);
        usable = usable || !ec;
    }
    if (usable || !trusted.cert_file.empty() || !trusted.cert_dir.empty()) return std::nullopt;
    return load_file(context, ::X509_get_default_cert_file());
}

error unreachable(std::string const& who, std::string_view why) {
    return {
        .kind = error_kind::unreachable,
        .message = who + " cannot be reached: " + std::string(why),
        .hint = "check this host's network and name resolution, and --api-url",
    };
}

// Without its subject, which by_subject() adds.
error no_answer(std::string_view why) {
    return {
        .kind = error_kind::no_answer,
        .message = "did not answer: " + std::string(why),
        .hint = "try again later",
    };
}

// The connection is intact: the server may still be working on what was sent.
error too_slow() {
    auto failure = no_answer("the time limit was reached");
    failure.kind = error_kind::too_slow;
    return failure;
}

error not_found(std::string const& host, std::string const& why) {
    return {.kind = error_kind::unreachable, .message = "looking up " + host + ": " + why};
}

// All addresses of a host, in the order in which to try them; `port` is a number. A look-up that
// has begun may last beyond `limit`, as long as limit_name_resolution() lets it.
// error_kind::unreachable without its subject: "looking up api.example: Host not found".
async_result<tcp::resolver::results_type> find_addresses(
    asio::any_io_executor executor, std::string const& host, std::string const& port, deadline limit
) {
    using namespace asio::experimental::awaitable_operators;
    tcp::resolver resolver(executor);
    asio::steady_timer timer(executor, limit.left());
    error_code resolve_error;
    error_code timer_error;
    auto resolve_token = asio::redirect_error(asio::use_awaitable, resolve_error);
    auto timer_token = asio::redirect_error(asio::use_awaitable, timer_error);
    auto outcome = co_await (
        resolver.async_resolve(host, port, tcp::resolver::numeric_service, resolve_token) ||
        timer.async_wait(timer_token)
    );
    if (outcome.index() == 1) co_return not_found(host, "the time limit was reached");
    if (resolve_error) co_return not_found(host, resolve_error.message());
    co_return std::get<0>(outcome);
}

// Until the reader has its answer. Failures are without their subject.
template <class Stream>
asio::awaitable<std::optional<error>> read_answer(Stream& stream, response_reader& reader) {
    std::array<char, 16384> bytes{};
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    while (!reader.is_done()) {
        auto const size = co_await stream.async_read_some(asio::buffer(bytes), token);
        auto const fed = reader.feed(std::string_view(bytes.data(), size));
        if (!fed) co_return fed.error();
        if (ec == asio::error::eof && reader.end()) break;
        if (ec == beast::error::timeout) co_return too_slow();
        if (ec) co_return no_answer(reason(ec));
    }
    co_return std::nullopt;
}

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
    connection(asio::any_io_executor executor, base_url const& url, proxy const* through)
        : executor_(executor)
        , url_(url)
        , proxy_(through)
        , context_(asio::ssl::context::tls_client) {
        ::SSL_CTX_set_min_proto_version(context_.native_handle(), TLS1_2_VERSION);
        context_.set_verify_mode(asio::ssl::verify_peer);
    }

    asio::awaitable<std::optional<error>> open(trust const& trusted, deadline limit) {
        if (auto failure = load_trust(context_, trusted)) co_return failure;
        auto const& host = proxy_ == nullptr ? url_.host : proxy_->host;
        auto const& port = proxy_ == nullptr ? url_.port : proxy_->port;
        auto const found = co_await find_addresses(executor_, host, port, limit);
        if (!found) co_return no_connection(found.error().message);
        std::optional<error> failure = no_connection("the time limit was reached");
        for (auto const& address : *found) {
            if (limit.over()) break;
            failure = co_await open_at(address.endpoint(), limit);
            // Refused credentials are not tried at another address: accounts get locked.
            if (!failure || failure->kind == error_kind::configuration) break;
        }
        co_return failure;
    }

    async_result<response> exchange(std::string const& wire, deadline limit) {
        reusable_ = false;
        beast::get_lowest_layer(*stream_).expires_at(limit.end());
        error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        co_await asio::async_write(*stream_, asio::buffer(wire), token);
        if (ec) {
            auto const why = "the connection broke while sending (" + reason(ec) + ")";
            co_return by_subject(no_answer(why));
        }
        response_reader reader;
        auto const failure = co_await read_answer(*stream_, reader);
        if (failure) co_return by_subject(*failure);
        reusable_ = reader.keeps_connection();
        co_return reader.take();
    }

    // False if the peer has closed the connection or sent something unasked.
    bool is_fresh() {
        if (!stream_ || !reusable_) return false;
        char byte = 0;
        auto const handle = stream_->next_layer().socket().native_handle();
        auto const size = ::recv(handle, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

private:
    using stream = asio::ssl::stream<beast::tcp_stream>;

    asio::awaitable<std::optional<error>> open_at(tcp::endpoint address, deadline limit) {
        stream_.emplace(executor_, context_);
        if (auto failure = demand_host_name()) co_return failure;
        error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        auto& transport = beast::get_lowest_layer(*stream_);
        transport.expires_at(limit.at_most(to_duration(connect_limit)).end());
        co_await transport.async_connect(address, token);
        if (ec) {
            auto const port = std::to_string(address.port());
            auto const failure =
                no_connection(address.address().to_string() + " port " + port + ": " + reason(ec));
            co_return unless_short(failure, ec);
        }
        transport.socket().set_option(tcp::no_delay(true), ec);
        if (proxy_ != nullptr) {
            auto const failure = co_await pass_proxy(limit);
            if (failure) co_return failure;
        }
        co_await stream_->async_handshake(asio::ssl::stream_base::client, token);
        if (ec) co_return handshake_failure(ec);
        reusable_ = true;
        co_return std::nullopt;
    }

    asio::awaitable<std::optional<error>> pass_proxy(deadline limit) {
        auto& transport = beast::get_lowest_layer(*stream_);
        // The proxy may have to try several addresses: no limit but the exchange's.
        transport.expires_at(limit.end());
        error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        auto wire = connect_wire_of(url_, proxy_->credentials);
        co_await asio::async_write(transport, asio::buffer(wire), token);
        wipe(wire);
        if (ec) co_return proxy_failure(*proxy_, url_, "did not take the request: " + reason(ec));
        response_reader reader(response_reader::part::header);
        auto const failure = co_await read_answer(transport, reader);
        if (failure) co_return proxy_failure(*proxy_, url_, failure->message);
        auto const answer = reader.take();
        auto refusal = refusal_of(*proxy_, url_, answer.status);
        if (refusal) co_return refusal;
        if (reader.has_more()) co_return proxy_failure(*proxy_, url_, "sent data before TLS began");
        co_return std::nullopt;
    }

    std::optional<error> demand_host_name() {
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
        return unreachable(subject(), "its host name cannot be verified");
    }

    // The subject of messages: the host and the proxy.
    std::string subject() const {
        return url_.origin() + (proxy_ == nullptr ? "" : " through " + proxy_->label());
    }

    error by_subject(error cause) const {
        cause.message = subject() + " " + cause.message;
        return cause;
    }

    // Of the host or, if there is one, of the proxy.
    error no_connection(std::string const& why) const {
        if (proxy_ == nullptr) return unreachable(subject(), why);
        return proxy_failure(*proxy_, url_, "cannot be reached: " + why);
    }

    error handshake_failure(error_code ec) {
        auto const verdict = ::SSL_get_verify_result(stream_->native_handle());
        if (verdict == X509_V_OK) return unreachable(subject(), "TLS failed: " + reason(ec));
        auto const* const why = ::X509_verify_cert_error_string(verdict);
        auto failure =
            unreachable(subject(), "its certificate is not trusted: " + std::string(why));
        failure.kind = error_kind::untrusted;
        failure.hint = "check this host's clock and trust store, or name its CA with --ca-file";
        return failure;
    }

    asio::any_io_executor executor_;
    base_url const& url_;
    proxy const* proxy_;
    asio::ssl::context context_;
    std::optional<stream> stream_;
    bool reusable_ = false;
};

https_client::https_client(
    asio::any_io_executor executor, base_url url, trust trusted, std::optional<proxy> through
)
    : executor_(std::move(executor))
    , url_(std::move(url))
    , trusted_(std::move(trusted))
    , proxy_(std::move(through))
    , turns_(executor_, 1) {}

https_client::~https_client() = default;

async_result<response>
https_client::exchange(request const& asked, secret const& bearer, deadline limit) {
    limit = limit.at_most(to_duration(exchange_limit));
    auto const turn = co_await turns_.enter(limit);
    if (!turn || limit.over()) {
        co_return unreachable(url_.origin(), "the time limit was reached");
    }
    if (!connection_ || !connection_->is_fresh()) {
        auto const* const through = proxy_ ? &*proxy_ : nullptr;
        connection_ = std::make_unique<connection>(executor_, url_, through);
        auto const failure = co_await connection_->open(trusted_, limit);
        if (failure) {
            connection_.reset();
            co_return *failure;
        }
    }
    auto wire = wire_of(asked, url_, bearer);
    auto answer = co_await connection_->exchange(wire, limit);
    wipe(wire);
    co_return answer;
}

} // namespace acme_dns01::net
