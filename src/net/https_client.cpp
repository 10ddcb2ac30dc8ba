#include "net/https_client.hpp"

#include "base/c_handle.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

namespace acme_dns01::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

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

// What the connections to one host share: the certificates that are trusted, and the latest
// session.
class https_client::tls {
public:
    tls() : context(asio::ssl::context::tls_client) {
        auto* const native = context.native_handle();
        ::SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
        context.set_verify_mode(asio::ssl::verify_peer);
        ::SSL_CTX_set_session_cache_mode(
            native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL
        );
        ::SSL_CTX_set_ex_data(native, slot(), this);
        ::SSL_CTX_sess_set_new_cb(native, keep);
    }
    tls(tls const&) = delete;
    tls& operator=(tls const&) = delete;
    // Connections keep the context alive.
    ~tls() { ::SSL_CTX_sess_set_new_cb(context.native_handle(), nullptr); }

    // The store is read once.
    std::optional<error> load(trust const& trusted) {
        if (is_loaded_) return std::nullopt;
        auto failure = load_trust(context, trusted);
        is_loaded_ = !failure;
        return failure;
    }

    void resume(SSL* connection) const {
        if (auto const copy = copy_of(session_.get())) ::SSL_set_session(connection, copy.get());
    }

    asio::ssl::context context;

private:
    using session = c_handle<SSL_SESSION, SSL_SESSION_free>;

    // A connection that ends without notice spoils its own.
    static session copy_of(SSL_SESSION* one) {
        return session(one == nullptr ? nullptr : ::SSL_SESSION_dup(one));
    }

    static int slot() {
        static auto const number =
            ::SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
        return number;
    }

    // OpenSSL calls this when a ticket has arrived: in TLS 1.3 after the handshake.
    static int keep(SSL* connection, SSL_SESSION* latest) {
        auto* const context = ::SSL_get_SSL_CTX(connection);
        auto* const self = static_cast<tls*>(::SSL_CTX_get_ex_data(context, slot()));
        self->session_ = copy_of(latest);
        return 0;
    }

    session session_;
    bool is_loaded_ = false;
};

// One TLS connection and its health.
class https_client::connection {
public:
    explicit connection(https_client& owner) : owner_(owner) {}

    asio::awaitable<std::optional<error>> open(deadline limit) {
        if (auto failure = owner_.tls_->load(owner_.trusted_)) co_return failure;
        auto left = owner_.known_;
        if (left.empty()) {
            auto found = co_await find_addresses(owner_.executor_, host(), port(), limit);
            if (!found) co_return no_connection(found.error().message);
            left = std::move(*found);
        }
        auto const all = left;
        std::optional<error> failure;
        while (!left.empty()) {
            auto socket = co_await connect_to_one(owner_.executor_, left, limit);
            if (!socket && !failure) failure = no_connection(socket.error().message);
            if (!socket) break;
            error_code ec;
            auto const address = socket->remote_endpoint(ec);
            failure = co_await secure(std::move(*socket), limit);
            if (!failure) {
                remember(all, address);
                co_return std::nullopt;
            }
            // Refused credentials are not tried at another address: accounts get locked.
            if (failure->kind == error_kind::configuration || std::erase(left, address) == 0) break;
        }
        owner_.known_.clear();
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

    std::string const& host() const { return proxy() ? proxy()->host : owner_.url_.host; }
    std::string const& port() const { return proxy() ? proxy()->port : owner_.url_.port; }
    std::optional<net::proxy> const& proxy() const { return owner_.proxy_; }

    // The next connection begins with the address that this one has found good.
    void remember(endpoints all, tcp::endpoint const& good) {
        auto const is_good = [&](auto const& address) { return address == good; };
        std::stable_partition(all.begin(), all.end(), is_good);
        owner_.known_ = std::move(all);
    }

    // The connection is made: through the proxy, and then TLS.
    asio::awaitable<std::optional<error>> secure(tcp::socket socket, deadline limit) {
        stream_.emplace(std::move(socket), owner_.tls_->context);
        if (auto failure = demand_host_name()) co_return failure;
        owner_.tls_->resume(stream_->native_handle());
        error_code ec;
        auto& transport = beast::get_lowest_layer(*stream_);
        transport.expires_at(limit.at_most(to_duration(connect_limit)).end());
        transport.socket().set_option(tcp::no_delay(true), ec);
        if (proxy()) {
            auto const failure = co_await pass_proxy(limit);
            if (failure) co_return failure;
        }
        auto token = asio::redirect_error(asio::use_awaitable, ec);
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
        auto wire = connect_wire_of(owner_.url_, proxy()->credentials);
        co_await asio::async_write(transport, asio::buffer(wire), token);
        wipe(wire);
        if (ec)
            co_return proxy_failure(
                *proxy(), owner_.url_, "did not take the request: " + reason(ec)
            );
        response_reader reader(response_reader::part::header);
        auto const failure = co_await read_answer(transport, reader);
        if (failure) co_return proxy_failure(*proxy(), owner_.url_, failure->message);
        auto const answer = reader.take();
        auto refusal = refusal_of(*proxy(), owner_.url_, answer.status);
        if (refusal) co_return refusal;
        if (reader.has_more())
            co_return proxy_failure(*proxy(), owner_.url_, "sent data before TLS began");
        co_return std::nullopt;
    }

    std::optional<error> demand_host_name() {
        auto* const ssl = stream_->native_handle();
        error_code not_an_address;
        asio::ip::make_address(owner_.url_.host, not_an_address);
        if (!not_an_address) {
            auto* const parameters = ::SSL_get0_param(ssl);
            if (::X509_VERIFY_PARAM_set1_ip_asc(parameters, owner_.url_.host.c_str()) == 1)
                return {};
        } else if (::SSL_set1_host(ssl, owner_.url_.host.c_str()) == 1 &&
                   SSL_set_tlsext_host_name(ssl, owner_.url_.host.c_str()) == 1) {
            return {};
        }
        return unreachable(subject(), "its host name cannot be verified");
    }

    // The subject of messages: the host and the proxy.
    std::string subject() const {
        return owner_.url_.origin() + (!proxy() ? "" : " through " + proxy()->label());
    }

    error by_subject(error cause) const {
        cause.message = subject() + " " + cause.message;
        return cause;
    }

    // Of the host or, if there is one, of the proxy.
    error no_connection(std::string const& why) const {
        if (!proxy()) return unreachable(subject(), why);
        return proxy_failure(*proxy(), owner_.url_, "cannot be reached: " + why);
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

    https_client& owner_;
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
    , tls_(std::make_unique<tls>()) {}

https_client::~https_client() = default;

// The one used last is the freshest. Those that the server has closed are forgotten.
std::unique_ptr<https_client::connection> https_client::take_idle() {
    while (!idle_.empty()) {
        auto last = std::move(idle_.back());
        idle_.pop_back();
        if (last->is_fresh()) return last;
    }
    return nullptr;
}

async_result<response>
https_client::exchange(request const& asked, secret const& bearer, deadline limit) {
    limit = limit.at_most(to_duration(exchange_limit));
    if (limit.over()) co_return unreachable(url_.origin(), "the time limit was reached");
    auto used = take_idle();
    if (!used) {
        used = std::make_unique<connection>(*this);
        auto const failure = co_await used->open(limit);
        if (failure) co_return *failure;
    }
    auto wire = wire_of(asked, url_, bearer);
    auto answer = co_await used->exchange(wire, limit);
    wipe(wire);
    if (used->is_fresh()) idle_.push_back(std::move(used));
    co_return answer;
}

} // namespace acme_dns01::net
