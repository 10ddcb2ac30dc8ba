#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/semaphore.hpp"
#include "net/http.hpp"
#include "net/proxy.hpp"
#include "net/url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace acme_dns01::net {

// A name look-up cannot be cancelled: getaddrinfo holds its thread, and so the end of the process,
// until the resolver's own time limit, 10 s and more by default. This sets that limit. To be called
// once, before the first look-up; an RES_OPTIONS set by the user is left alone.
void limit_name_resolution(seconds limit);

// Which certificates to trust; empty fields are not given. If `ca_file` is given, it alone counts.
// The other two are OpenSSL's SSL_CERT_FILE and SSL_CERT_DIR. Without any, the system's hashed
// directory is used, and its bundle only if there is no such directory: parsing the bundle costs
// every process some 40 ms.
struct trust {
    std::string ca_file;
    std::string cert_file;
    std::string cert_dir; // several separated by ':'
};

// One HTTPS host, asked over one connection that is kept for the whole run and reopened if the
// server has closed it. The only place that speaks TLS: 1.2 or later, with certificate and host
// name verified, through a proxy as well. There is one exchange at a time.
//
// Beast and not libcurl, because the line between "nothing was sent" and "the outcome is unknown"
// is ours to draw: a POST may be repeated only on one side of it. libcurl repeats a request by
// itself if a kept connection turns out to be closed, and its codes do not separate the sides.
class https_client {
public:
    // Throws std::runtime_error only if OpenSSL cannot be set up at all.
    https_client(
        boost::asio::any_io_executor executor,
        base_url url,
        trust trusted,
        std::optional<proxy> through = std::nullopt
    );
    https_client(https_client const&) = delete;
    https_client& operator=(https_client const&) = delete;
    ~https_client();

    // Sends the request and reads the whole answer, which answer_limits bound. `limit` and
    // exchange_limit are for all of it, the wait for its turn and name resolution included. Every
    // address of the host is tried or, with a proxy, every one of the proxy's.
    // - error_kind::unreachable: nothing was sent.
    // - error_kind::untrusted: nothing was sent, as the certificate is not trusted.
    // - error_kind::no_answer: it was sent, and the outcome is unknown.
    // - error_kind::too_slow: the same, and the server may still be working on it.
    // - error_kind::configuration: the trust store cannot be read, or the proxy wants (other)
    //   credentials.
    // - error_kind::bad_answer: the answer is not HTTP.
    // - error_kind::too_large: the body is longer than answer_limits allow.
    async_result<response> exchange(request const& asked, secret const& bearer, deadline limit);

    base_url const& url() const { return url_; }

    static constexpr seconds exchange_limit{30.0};

private:
    class connection;

    boost::asio::any_io_executor executor_;
    base_url url_;
    trust trusted_;
    std::optional<proxy> proxy_;
    async_semaphore turns_;
    std::unique_ptr<connection> connection_;
};

} // namespace acme_dns01::net
