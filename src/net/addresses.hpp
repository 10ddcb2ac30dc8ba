#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <vector>

namespace acme_dns01::net {

// Resolving a name cannot be cancelled: getaddrinfo holds its thread, and with it the end of the
// process, as long as the resolver's own patience lasts (10 s and more by default). To be called
// once, before the first look-up; an RES_OPTIONS of the user's own is left alone.
void limit_name_resolution(seconds limit);

// All addresses of a host, in the order in which they are to be tried; `port` is a number. A
// look-up that has begun is waited for beyond `limit`, as long as limit_name_resolution() lets it
// last. The message of an error_kind::unreachable lacks its subject: "looking up api.example: Host
// not found".
async_result<std::vector<boost::asio::ip::tcp::endpoint>> find_addresses(
    boost::asio::any_io_executor executor,
    std::string const& host,
    std::string const& port,
    deadline limit
);

} // namespace acme_dns01::net
