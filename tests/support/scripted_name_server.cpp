#include "support/scripted_name_server.hpp"

#include "sandbox/answer_wire.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace acme_dns01::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr auto forger = "127.53.99.99";

} // namespace

scripted_name_server::scripted_name_server(script s, std::vector<std::string> addresses)
    : script_(std::move(s)) {
    open(addresses);
    another_port_ = udp::socket(io_, {asio::ip::make_address(addresses.front()), 0});
    for (auto& socket : datagrams_)
        asio::co_spawn(io_, serve_datagrams(socket), asio::detached);
    for (auto& acceptor : connections_)
        asio::co_spawn(io_, accept(acceptor), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
}

scripted_name_server::~scripted_name_server() {
    io_.stop();
    thread_.join();
}

void scripted_name_server::open(std::vector<std::string> const& addresses) {
    for (int attempts_left = 50;; --attempts_left) {
        try {
            for (auto const& address : addresses) {
                auto const ip = asio::ip::make_address(address);
                datagrams_.emplace_back(io_, udp::endpoint(ip, port_));
                port_ = datagrams_.front().local_endpoint().port();
                connections_.emplace_back(io_, tcp::endpoint(ip, port_));
            }
            another_address_ = udp::socket(io_, {asio::ip::make_address(forger), port_});
            return;
        } catch (boost::system::system_error const&) {
            if (attempts_left == 0) throw;
            datagrams_.clear();
            connections_.clear();
            port_ = 0;
        }
    }
}

dns::endpoint scripted_name_server::endpoint() const { return datagrams_.front().local_endpoint(); }

std::vector<received_query> scripted_name_server::received() const {
    std::lock_guard const lock(mutex_);
    return received_;
}

std::vector<reply>
scripted_name_server::replies_to(std::string const& address, bytes wire, bool over_tcp) {
    auto query = dns::from_wire(wire);
    if (!query) return {};
    received_query const q{std::move(*query), std::move(wire), address, over_tcp};
    {
        std::lock_guard const lock(mutex_);
        received_.push_back(q);
    }
    return script_(q);
}

asio::awaitable<void> scripted_name_server::serve_datagrams(udp::socket& socket) {
    auto const address = socket.local_endpoint().address().to_string();
    std::array<std::uint8_t, 4096> buffer{};
    for (;;) {
        udp::endpoint peer;
        error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        auto const size = co_await socket.async_receive_from(asio::buffer(buffer), peer, token);
        auto const end = buffer.begin() + static_cast<std::ptrdiff_t>(size);
        auto replies = replies_to(address, bytes(buffer.begin(), end), false);
        for (auto& r : replies)
            asio::co_spawn(io_, send(socket, peer, std::move(r)), asio::detached);
    }
}

asio::awaitable<void> scripted_name_server::send(udp::socket& socket, dns::endpoint peer, reply r) {
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    asio::steady_timer timer(io_, r.after);
    if (r.after.count() > 0) co_await timer.async_wait(token);
    auto* from = &socket;
    if (r.from == source::another_port) from = &another_port_;
    if (r.from == source::another_address) from = &another_address_;
    co_await from->async_send_to(asio::buffer(r.wire), peer, token);
}

asio::awaitable<void> scripted_name_server::accept(tcp::acceptor& acceptor) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(asio::use_awaitable);
        asio::co_spawn(io_, converse(std::move(socket)), asio::detached);
    }
}

asio::awaitable<void> scripted_name_server::converse(tcp::socket socket) {
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    dns::tcp_length length{};
    co_await asio::async_read(socket, asio::buffer(length), token);
    bytes query(dns::size_from(length));
    co_await asio::async_read(socket, asio::buffer(query), token);
    auto const address = socket.local_endpoint(ec).address().to_string();
    auto const replies = replies_to(address, std::move(query), true);
    for (auto const& r : replies) {
        asio::steady_timer timer(io_, r.after);
        co_await timer.async_wait(token);
        auto const frame = dns::with_tcp_length(r.wire);
        co_await asio::async_write(socket, asio::buffer(frame), token);
    }
    if (!replies.empty()) co_return;
    // Silence: until the peer has had enough.
    co_await asio::async_read(socket, asio::buffer(length), token);
}

dns::message answer_to(received_query const& q) {
    dns::message m;
    m.id = q.query.id;
    m.response = true;
    m.authoritative = true;
    m.recursion_desired = q.query.recursion_desired;
    m.edns_size = dns::edns_size_default;
    m.asked = q.query.asked;
    return m;
}

bytes encoded(dns::message const& answer) { return sandbox::to_wire(answer).value(); }

bytes txt_answer(received_query const& q, std::vector<std::string> const& values) {
    auto m = answer_to(q);
    for (auto const& value : values)
        m.answer.push_back({m.asked.asked, dns::record_type::txt, 30, value});
    return encoded(m);
}

bytes answer_with_code(received_query const& q, dns::response_code code) {
    auto m = answer_to(q);
    m.code = code;
    m.authoritative = false;
    return encoded(m);
}

bytes truncated_answer(received_query const& q) {
    auto m = answer_to(q);
    m.truncated = true;
    return encoded(m);
}

bytes with_other_id(bytes answer) {
    answer.at(1) ^= 1U;
    return answer;
}

bytes with_other_question(received_query const& q, std::vector<std::string> const& values) {
    auto other = q;
    other.query.asked.asked = q.query.asked.asked.child("other").value();
    return txt_answer(other, values);
}

bytes as_a_query(bytes answer) {
    answer.at(2) &= 0x7fU;
    return answer;
}

bytes with_rdata(received_query const& q, bytes const& rdata) {
    auto m = answer_to(q);
    m.edns_size = 0;
    auto wire = encoded(m);
    wire.at(7) = 1; // ANCOUNT
    auto const type = static_cast<unsigned>(m.asked.type);
    auto const high = [](std::size_t n) { return static_cast<std::uint8_t>(n >> 8U); };
    auto const low = [](std::size_t n) { return static_cast<std::uint8_t>(n & 0xffU); };
    bytes const head{0xc0, 12, high(type), low(type), 0, 1, 0, 0, 0, 60};
    wire.insert(wire.end(), head.begin(), head.end());
    wire.insert(wire.end(), {high(rdata.size()), low(rdata.size())});
    wire.insert(wire.end(), rdata.begin(), rdata.end());
    return wire;
}

bytes with_compression_loop(received_query const& q) {
    auto m = answer_to(q);
    m.edns_size = 0;
    auto wire = encoded(m);
    wire.at(7) = 2; // ANCOUNT
    for (int i = 0; i < 2; ++i) {
        auto const here = wire.size();
        auto const target = i == 0 ? here : here - 16;
        bytes const record{
            static_cast<std::uint8_t>(0xc0U | target >> 8U),
            static_cast<std::uint8_t>(target & 0xffU),
            0,
            16,
            0,
            1,
            0,
            0,
            0,
            30,
            0,
            4,
            3,
            'v',
            'a',
            'l'};
        wire.insert(wire.end(), record.begin(), record.end());
    }
    return wire;
}

} // namespace acme_dns01::test
