#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace acme_dns01::test {

// Answers the first header of every connection on 127.0.0.1 with the same bytes, and keeps all
// bytes that it receives.
class scripted_proxy {
public:
    // Its action after the answer; "hold" reads until the peer closes.
    enum class then { hold, close };

    scripted_proxy(std::string answer, then after);
    scripted_proxy(scripted_proxy const&) = delete;
    scripted_proxy& operator=(scripted_proxy const&) = delete;
    ~scripted_proxy();

    std::string authority() const; // "127.0.0.1:<port>"
    // Returns when one connection has ended.
    std::string received();

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);
    void keep(std::string_view bytes);

    std::string answer_;
    then after_;
    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string received_;
    bool has_served_ = false;
    std::thread thread_;
};

} // namespace acme_dns01::test
