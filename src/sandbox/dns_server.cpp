#include "sandbox/dns_server.hpp"

#include "dns/message.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace acme_dns01::sandbox {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr int attempts_max = 50;
constexpr std::size_t connections_max = 256;
constexpr std::chrono::seconds idle_max{10};
constexpr std::chrono::milliseconds pause_after_failure{10};

struct sockets {
    std::string address;
    udp::socket datagrams;
    tcp::acceptor connections;
};

// Binds both sockets of every address: the first to any free port, the others to the same.
std::vector<sockets> bound(asio::io_context& io, std::vector<std::string> const& addresses) {
    std::vector<sockets> all;
    std::uint16_t port = 0;
    for (auto const& address : addresses) {
        auto const ip = asio::ip::make_address(address);
        udp::socket datagrams(io, udp::endpoint(ip, port));
        port = datagrams.local_endpoint().port();
        tcp::acceptor connections(io, tcp::endpoint(ip, port));
        all.push_back({address, std::move(datagrams), std::move(connections)});
    }
    return all;
}

std::vector<sockets>
bound_with_patience(asio::io_context& io, std::vector<std::string> const& addresses) {
    for (int attempt = 1;; ++attempt) {
        try {
            return bound(io, addresses);
        } catch (boost::system::system_error const& e) {
            if (attempt < attempts_max && e.code() == asio::error::address_in_use) continue;
            throw std::runtime_error(std::string("cannot open the name servers: ") + e.what());
        }
    }
}

asio::awaitable<void> pause(asio::any_io_executor executor) {
    asio::steady_timer timer(executor, pause_after_failure);
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void>
serve_datagrams(udp::socket socket, std::string address, dns_handler const& handler) {
    std::array<std::uint8_t, 4096> buffer{};
    while (true) {
        udp::endpoint peer;
        error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        auto const size = co_await socket.async_receive_from(asio::buffer(buffer), peer, token);
        if (ec == asio::error::operation_aborted) co_return;
        if (ec) {
            co_await pause(socket.get_executor());
            continue;
        }
        auto const query = std::span<std::uint8_t const>(buffer).first(size);
        auto const answer = handler(address, query, false);
        if (!answer) continue;
        co_await socket.async_send_to(asio::buffer(*answer), peer, token);
    }
}

asio::awaitable<void>
converse(std::shared_ptr<tcp::socket> socket, std::string address, dns_handler const& handler) {
    asio::steady_timer idle(socket->get_executor());
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    while (true) {
        idle.expires_after(idle_max);
        idle.async_wait([socket](error_code stopped) {
            error_code ignored;
            if (!stopped) socket->close(ignored);
        });
        dns::tcp_length length{};
        co_await asio::async_read(*socket, asio::buffer(length), token);
        if (ec) co_return;
        std::vector<std::uint8_t> query(dns::size_from(length));
        co_await asio::async_read(*socket, asio::buffer(query), token);
        if (ec) co_return;
        auto const answer = handler(address, query, true);
        if (!answer) continue;
        auto const frame = dns::with_tcp_length(*answer);
        co_await asio::async_write(*socket, asio::buffer(frame), token);
        if (ec) co_return;
    }
}

asio::awaitable<void> accept_connections(
    tcp::acceptor acceptor, std::string address, dns_handler const& handler, std::size_t& open
) {
    while (true) {
        error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        auto socket = co_await acceptor.async_accept(token);
        if (ec == asio::error::operation_aborted) co_return;
        if (ec) co_await pause(acceptor.get_executor());
        if (ec || open >= connections_max) continue;
        auto shared = std::make_shared<tcp::socket>(std::move(socket));
        auto conversation = converse(shared, address, handler);
        ++open;
        asio::co_spawn(
            acceptor.get_executor(),
            std::move(conversation),
            [&open](std::exception_ptr const&) { --open; }
        );
    }
}

} // namespace

dns_server::dns_server(
    asio::io_context& io, std::vector<std::string> const& addresses, dns_handler handler
)
    : handler_(std::move(handler)) {
    for (auto& s : bound_with_patience(io, addresses)) {
        port_ = s.datagrams.local_endpoint().port();
        asio::co_spawn(
            io, serve_datagrams(std::move(s.datagrams), s.address, handler_), asio::detached
        );
        asio::co_spawn(
            io,
            accept_connections(std::move(s.connections), s.address, handler_, connections_),
            asio::detached
        );
    }
}

dns_server::~dns_server() = default;

} // namespace acme_dns01::sandbox
