#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace acme_dns01::test {

// For tests of a host with several addresses: skips them unless `localhost` is both ::1 and
// 127.0.0.1.
boost::test_tools::assertion_result localhost_has_two_addresses(boost::unit_test::test_unit_id test
);

// A port that neither takes a connection nor refuses one, as behind a firewall that drops packets.
class swallowing_port {
public:
    // Throws boost::system::system_error if the port is in use.
    swallowing_port(std::string const& address, std::uint16_t port);
    boost::asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

private:
    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::vector<boost::asio::ip::tcp::socket> waiting_; // they fill its queue
};

} // namespace acme_dns01::test
