#include "support/localhost.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>

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

} // namespace acme_dns01::test
