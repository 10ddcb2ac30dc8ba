#include "dns/refusal.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace acme_dns01::dns {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

bool says_that_nobody_is_there(error_code ec) {
    return ec == asio::error::connection_refused || ec == asio::error::host_unreachable ||
           ec == asio::error::network_unreachable;
}

} // namespace

asio::awaitable<error_code> refusal_by(endpoint server, question asked, clock::duration patience) {
    using namespace asio::experimental::awaitable_operators;
    auto const wire = to_wire(make_query(std::move(asked), 1, true));
    if (!wire) co_return error_code();
    auto const executor = co_await asio::this_coro::executor;
    asio::ip::udp::socket socket(executor);
    error_code ec;
    socket.open(server.protocol(), ec);
    // Connected, it hears what comes back of its datagram.
    if (!ec) socket.connect(server, ec);
    if (!ec) socket.send(asio::buffer(*wire), 0, ec);
    if (ec) co_return ec;
    std::array<std::uint8_t, 1> byte{};
    auto const space = asio::buffer(byte);
    asio::steady_timer timer(executor, patience);
    error_code timer_error;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    auto timer_token = asio::redirect_error(asio::use_awaitable, timer_error);
    co_await (socket.async_receive(space, token) || timer.async_wait(timer_token));
    co_return says_that_nobody_is_there(ec) ? ec : error_code();
}

} // namespace acme_dns01::dns
