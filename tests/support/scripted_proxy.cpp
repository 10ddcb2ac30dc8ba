#include "support/scripted_proxy.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <utility>

namespace acme_dns01::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

scripted_proxy::scripted_proxy(std::string answer, then after)
    : answer_(std::move(answer))
    , after_(after)
    , acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}) {
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
}

scripted_proxy::~scripted_proxy() {
    io_.stop();
    thread_.join();
}

std::string scripted_proxy::authority() const {
    return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

std::string scripted_proxy::received() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [this] { return has_served_; });
    return received_;
}

asio::awaitable<void> scripted_proxy::accept() {
    for (;;) {
        auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
        asio::co_spawn(io_, serve(std::move(socket)), asio::detached);
    }
}

asio::awaitable<void> scripted_proxy::serve(tcp::socket socket) {
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    std::string header;
    co_await asio::async_read_until(socket, asio::dynamic_buffer(header), "\r\n\r\n", token);
    keep(header);
    co_await asio::async_write(socket, asio::buffer(answer_), token);
    std::array<char, 4096> bytes{};
    while (!ec && after_ == then::hold) {
        auto const size = co_await socket.async_read_some(asio::buffer(bytes), token);
        keep(std::string_view(bytes.data(), size));
    }
    std::lock_guard const lock(mutex_);
    has_served_ = true;
    changed_.notify_all();
}

void scripted_proxy::keep(std::string_view bytes) {
    std::lock_guard const lock(mutex_);
    received_ += bytes;
}

} // namespace acme_dns01::test
