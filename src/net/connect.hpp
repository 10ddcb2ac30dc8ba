#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <vector>

namespace acme_dns01::net {

// A name look-up cannot be cancelled: getaddrinfo holds its thread, and so the end of the process,
// until the resolver's own time limit, 10 s and more by default. This sets that limit. To be called
// once, before the first look-up; an RES_OPTIONS set by the user is left alone.
void limit_name_resolution(seconds limit);

using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

// The addresses in the order in which to try them: IPv6 and IPv4 in turn, beginning with the family
// of the first; within a family they stay as the system has sorted them (RFC 8305, section 4).
endpoints interleaved(endpoints const& sorted);

// All addresses of a host, interleaved; `port` is a number. A look-up that has begun may last
// beyond `limit`, as long as limit_name_resolution() lets it. error_kind::unreachable without its
// subject: "looking up api.example: Host not found".
async_result<endpoints> find_addresses(
    boost::asio::any_io_executor executor, std::string host, std::string port, deadline limit
);

// A connection to the first address that takes one. The next address is tried when one has failed,
// or beside the others when attempt_delay is over (RFC 8305, section 5): an address that swallows
// packets costs that much, and not connect_limit as it would one after the other. Measured with a
// full queue at ::1: a call of 0.05 s took 0.30 s.
// error_kind::unreachable without its subject, about the last failure: "192.0.2.1 port 443:
// reason".
async_result<boost::asio::ip::tcp::socket>
connect_to_one(boost::asio::any_io_executor executor, endpoints addresses, deadline limit);

constexpr std::chrono::milliseconds attempt_delay{250};
// The limit of one attempt.
constexpr seconds connect_limit{5.0};

// For messages: "the time limit was reached" or the system's words.
std::string reason(boost::system::error_code ec);

} // namespace acme_dns01::net
