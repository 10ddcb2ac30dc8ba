#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <vector>

namespace acme_dns01::net {

// A name look-up cannot be cancelled: getaddrinfo holds its thread, and so the end of the process,
// until the resolver's own time limit, 10 s and more by default. This sets that limit. To be called
// once, before the first look-up; an RES_OPTIONS set by the user is left alone.
void limit_name_resolution(seconds limit);

// All addresses of a host, in the order in which to try them; `port` is a number. A look-up that
// has begun may last beyond `limit`, as long as limit_name_resolution() lets it.
// error_kind::unreachable without its subject: "looking up api.example: Host not found".
async_result<std::vector<boost::asio::ip::tcp::endpoint>> find_addresses(
    boost::asio::any_io_executor executor,
    std::string const& host,
    std::string const& port,
    deadline limit
);

} // namespace acme_dns01::net
