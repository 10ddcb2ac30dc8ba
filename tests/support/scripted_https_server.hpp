#pragma once

#include "base/clock.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace acme_dns01::test {

// Paths of PEM files.
struct server_identity {
    std::string certificate;
    std::string key;
};

// A certificate for 127.0.0.1 that its own key has signed, in two files of this folder. It is valid
// from then until then, in seconds from now.
server_identity self_signed(std::string const& folder, long valid_from, long valid_until);

// An HTTPS server on 127.0.0.1. It reads the header of one request of each connection, and answers
// with the bytes that a function writes: any bytes, as slowly and as many as it likes.
class scripted_https_server {
public:
    // Sends these bytes. False once the client has gone.
    using writer = std::function<bool(std::string_view)>;
    using answer = std::function<void(writer const&)>;

    // With TLS up to `version_max` unless that is 0.
    scripted_https_server(server_identity const& identity, answer answers, int version_max = 0);
    scripted_https_server(scripted_https_server const&) = delete;
    scripted_https_server& operator=(scripted_https_server const&) = delete;
    ~scripted_https_server();

    std::string url() const; // "https://127.0.0.1:<port>"
    // What came in over TLS, and how much went out.
    std::string received() const;
    std::size_t sent() const;
    // Connections that resumed the TLS session of an earlier one.
    std::size_t resumed() const;

private:
    void accept();
    void serve(boost::asio::ip::tcp::socket socket);

    answer answers_;
    boost::asio::io_context io_{1};
    boost::asio::ssl::context tls_;
    boost::asio::ip::tcp::acceptor acceptor_;
    mutable std::mutex mutex_;
    std::string received_;
    std::size_t sent_ = 0;
    std::size_t resumed_ = 0;
    std::thread thread_;
};

} // namespace acme_dns01::test
