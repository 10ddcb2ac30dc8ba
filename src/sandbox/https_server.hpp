#pragma once

#include "sandbox/certificate_authority.hpp"
#include "sandbox/fault_injector.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace acme_dns01::sandbox {

struct https_state;

// Serves the API by HTTP/1.1 over TLS 1.2 or later on a free port of 127.0.0.1, while the
// io_context runs. Destroy the io_context first. The constructor throws if it cannot bind a port or
// use the certificate.
class https_server {
public:
    https_server(boost::asio::io_context& io, key_pair const& identity, fault_injector& api);
    https_server(https_server const&) = delete;
    https_server& operator=(https_server const&) = delete;
    ~https_server();

    std::uint16_t port() const { return port_; }
    // The connections since the start.
    std::size_t accepted() const;

private:
    std::unique_ptr<https_state> state_;
    std::uint16_t port_ = 0;
};

} // namespace acme_dns01::sandbox
