#pragma once

#include "dns/exchange.hpp"
#include "dns/message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace acme_dns01::test {

using bytes = std::vector<std::uint8_t>;

// One question that has come.
struct received_query {
    dns::message query;
    bytes wire;
    std::string address; // of the server that was asked
    bool over_tcp = false;
};

// The source of a datagram: the server itself, another port of its address, another address.
enum class source { server, another_port, another_address };

// One message of an answer. Over TCP the source does not matter.
struct reply {
    bytes wire;
    source from = source::server;
    std::chrono::milliseconds after{0};
};

using script = std::function<std::vector<reply>(received_query const&)>;

// A name server that answers each question as a script says, over UDP and TCP, on loopback
// addresses that share one free port. Without replies it stays silent; over TCP it closes the
// connection after the replies. The script runs on a thread of the server's own.
class scripted_name_server {
public:
    explicit scripted_name_server(script s, std::vector<std::string> addresses = {"127.0.0.1"});
    scripted_name_server(scripted_name_server const&) = delete;
    scripted_name_server& operator=(scripted_name_server const&) = delete;
    ~scripted_name_server();

    std::uint16_t port() const { return port_; }
    dns::endpoint endpoint() const; // of the first address
    // All questions so far, in their order.
    std::vector<received_query> received() const;

private:
    void open(std::vector<std::string> const& addresses);
    std::vector<reply> replies_to(std::string const& address, bytes wire, bool over_tcp);
    boost::asio::awaitable<void> serve_datagrams(boost::asio::ip::udp::socket& socket);
    boost::asio::awaitable<void>
    send(boost::asio::ip::udp::socket& socket, dns::endpoint peer, reply r);
    boost::asio::awaitable<void> accept(boost::asio::ip::tcp::acceptor& acceptor);
    boost::asio::awaitable<void> converse(boost::asio::ip::tcp::socket socket);

    script script_;
    boost::asio::io_context io_{1};
    std::vector<boost::asio::ip::udp::socket> datagrams_;
    std::vector<boost::asio::ip::tcp::acceptor> connections_;
    boost::asio::ip::udp::socket another_port_{io_};
    boost::asio::ip::udp::socket another_address_{io_};
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::vector<received_query> received_;
    std::thread thread_;
};

// The answer of an honest authoritative server, still without records.
dns::message answer_to(received_query const& q);
bytes encoded(dns::message const& answer);

// An honest answer with these TXT values at the name.
bytes txt_answer(received_query const& q, std::vector<std::string> const& values);
bytes answer_with_code(received_query const& q, dns::response_code code);
bytes truncated_answer(received_query const& q);

// The same answer, broken.
bytes with_other_id(bytes answer);
bytes with_other_question(received_query const& q, std::vector<std::string> const& values);
bytes as_a_query(bytes answer);
// One record of the type in question, at the name, with these bytes as its data.
bytes with_rdata(received_query const& q, bytes const& rdata);
// A record whose owner is a pointer to itself, and one whose owner points to that one.
bytes with_compression_loop(received_query const& q);

} // namespace acme_dns01::test
