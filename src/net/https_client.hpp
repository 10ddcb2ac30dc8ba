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

// Whom to trust, empty fields standing for "not given". `ca_file` alone counts where it is given;
// the other two are OpenSSL's SSL_CERT_FILE and SSL_CERT_DIR. With none, the system's hashed
// directory is used, and its bundle only where there is no such directory: the bundle costs every
// process some 40 ms of parsing.
struct trust {
    std::string ca_file;
    std::string cert_file;
    std::string cert_dir; // several separated by ':'
};

// One HTTPS host, asked over one connection that is kept for the whole run and opened again where
// the server closed it. The only place that speaks TLS: 1.2 or later, certificate and host name
// verified, through a proxy as well. Exchanges take their turns: there is one at a time.
class https_client {
public:
    // Without a proxy the host is connected to directly. Throws std::runtime_error only where
    // OpenSSL cannot be set up at all.
    https_client(
        boost::asio::any_io_executor executor,
        base_url url,
        trust trusted,
        std::optional<proxy> through = std::nullopt
    );
    https_client(https_client const&) = delete;
    https_client& operator=(https_client const&) = delete;
    ~https_client();

    // Sends the request and reads the whole answer, within answer_limits; all of it, the wait for
    // its turn and name resolution included, within `limit` and exchange_limit. Every address of
    // the host is tried; behind a proxy, every one of the proxy's. error_kind::unreachable: nothing
    // was sent. error_kind::untrusted: neither, since the certificate is not trusted.
    // error_kind::no_answer: it was sent, and what became of it is unknown. error_kind::too_slow:
    // the same, and it may still be worked upon. error_kind::configuration: the trust store cannot
    // be read, or the proxy wants (other) credentials. error_kind::bad_answer: no HTTP.
    // error_kind::too_large: a longer body than is read.
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
