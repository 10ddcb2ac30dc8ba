#include "support/logged_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <mutex>
#include <random>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace acme_dns01::test {

using boost::asio::ip::tcp;

namespace {

tcp::endpoint on_loopback(std::uint16_t port) {
    return {boost::asio::ip::make_address("127.0.0.1"), port};
}

// A test begins to listen on its port some time after it got it. Until this process ends, a socket
// in the abstract namespace keeps the port from every other test, in this process and in others.
bool reserve(std::uint16_t port) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    auto const text = "acme-dns01-test-port-" + std::to_string(port);
    std::ranges::copy(text, std::next(name.sun_path));
    auto const size = offsetof(sockaddr_un, sun_path) + 1 + text.size();
    auto const socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    auto const* const address = reinterpret_cast<sockaddr const*>(&name);
    if (::bind(socket, address, static_cast<socklen_t>(size)) == 0) return true;
    ::close(socket);
    return false;
}

} // namespace

std::uint16_t free_port() {
    thread_local std::mt19937 random{std::random_device()()};
    std::uniform_int_distribution<std::uint16_t> port(10'000, 32'000);
    boost::asio::io_context context;
    for (int i = 0; i < 1000; ++i) {
        auto const at = on_loopback(port(random));
        tcp::acceptor acceptor(context, at.protocol());
        boost::system::error_code ec;
        acceptor.bind(at, ec);
        if (!ec && reserve(at.port())) return at.port();
    }
    throw std::runtime_error("there is no free port");
}

bool is_listening(std::uint16_t port) {
    boost::asio::io_context context;
    tcp::socket socket(context);
    boost::system::error_code ec;
    socket.connect(on_loopback(port), ec);
    return !ec;
}

logged_server::logged_server(
    std::filesystem::path const& folder,
    std::string const& line,
    std::map<std::string, std::string> environment,
    std::string const& ready
) {
    std::string const pipe = folder / "server.log";
    if (::mkfifo(pipe.c_str(), S_IRUSR | S_IWUSR) != 0) throw std::runtime_error("mkfifo " + pipe);
    test::command command;
    command.arguments = {"sh", "-c", "exec " + line + " > '" + pipe + "' 2>&1"};
    command.environment = std::move(environment);
    auto started = test::running_command::start(command);
    if (!started) throw std::runtime_error(started.error().text());
    running_.emplace(std::move(*started));
    reader_ = std::thread([this, pipe, ready] { read_log(pipe, ready); });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_ready_ || has_ended_; });
    if (is_ready_) return;
    lock.unlock();
    throw std::runtime_error("this server did not start: " + line + "\n" + stop());
}

logged_server::~logged_server() { stop(); }

void logged_server::send_signal(int number) const { running_->send_signal(number); }

std::string logged_server::stop() {
    if (running_) {
        running_->send_signal(SIGTERM);
        running_->wait();
        running_.reset();
        reader_.join();
    }
    return log_;
}

void logged_server::read_log(std::string const& pipe, std::string const& ready) {
    std::ifstream log(pipe);
    for (std::string line; std::getline(log, line);) {
        std::lock_guard const lock(mutex_);
        log_ += line + "\n";
        is_ready_ = is_ready_ || line.find(ready) != std::string::npos;
        changed_.notify_all();
    }
    std::lock_guard const lock(mutex_);
    has_ended_ = true;
    changed_.notify_all();
}

} // namespace acme_dns01::test
