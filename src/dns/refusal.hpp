#pragma once

#include "base/clock.hpp"
#include "dns/exchange.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace acme_dns01::dns {

// Why the system says that a question cannot get to the server: nobody listens there, there is no
// way. No error where an answer comes, or nothing at all as long as patience lasts. One datagram.
boost::asio::awaitable<boost::system::error_code>
refusal_by(endpoint server, question asked, clock::duration patience);

} // namespace acme_dns01::dns
