#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace acme_dns01::sandbox {

// The answer to a message that came to an address; nothing: no answer.
using dns_handler = std::function<std::optional<std::vector<std::uint8_t>>(
    std::string_view address, std::span<std::uint8_t const> query, bool over_tcp
)>;

// UDP and TCP sockets on several addresses, all with the same free port. They serve while the
// io_context runs. Destroy the io_context first. The constructor throws std::runtime_error if no
// port is free.
class dns_server {
public:
    dns_server(
        boost::asio::io_context& io, std::vector<std::string> const& addresses, dns_handler handler
    );
    dns_server(dns_server const&) = delete;
    dns_server& operator=(dns_server const&) = delete;
    ~dns_server();

    std::uint16_t port() const { return port_; }

private:
    dns_handler handler_;
    std::uint16_t port_ = 0;
    std::size_t connections_ = 0;
};

} // namespace acme_dns01::sandbox
