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

// HTTP/1.1 over TLS 1.2 or later on 127.0.0.1, at a port that was free, for the API behind it. It
// serves while the io_context runs, and goes with it: it has to be destroyed first. The
// constructor throws where the port or the certificate cannot be had.
class https_server {
public:
    https_server(boost::asio::io_context& io, key_pair const& identity, fault_injector& api);
    https_server(https_server const&) = delete;
    https_server& operator=(https_server const&) = delete;
    ~https_server();

    std::uint16_t port() const { return port_; }
    // Connections since the start.
    std::size_t accepted() const;

private:
    struct shared;
    std::unique_ptr<shared> shared_;
    std::uint16_t port_ = 0;
};

} // namespace acme_dns01::sandbox
