#include "support/localhost.hpp"

#include <algorithm>
#include <sys/socket.h>

namespace acme_dns01::test {

using boost::asio::ip::tcp;

boost::test_tools::assertion_result
localhost_has_two_addresses(boost::unit_test::test_unit_id /*test*/) {
    boost::asio::io_context io;
    boost::system::error_code ec;
    auto const found = tcp::resolver(io).resolve("localhost", "", ec);
    auto const is_there = [&](bool v6) {
        return std::any_of(found.begin(), found.end(), [v6](auto const& entry) {
            return entry.endpoint().address().is_v6() == v6;
        });
    };
    boost::test_tools::assertion_result can_run(is_there(false) && is_there(true));
    can_run.message() << "localhost does not resolve to ::1 and 127.0.0.1";
    return can_run;
}

swallowing_port::swallowing_port(std::string const& address, std::uint16_t port) : acceptor_(io_) {
    tcp::endpoint const own(boost::asio::ip::make_address(address), port);
    acceptor_.open(own.protocol());
    acceptor_.bind(own);
    acceptor_.listen(0);
    auto const full = acceptor_.local_endpoint();
    // A queue of 0 takes one.
    for (int i = 0; i < 3; ++i) {
        auto& socket = waiting_.emplace_back(io_, own.protocol());
        socket.native_non_blocking(true);
        // Not Asio's: it would wait until it is connected.
        ::connect(socket.native_handle(), full.data(), static_cast<socklen_t>(full.size()));
    }
}

} // namespace acme_dns01::test
