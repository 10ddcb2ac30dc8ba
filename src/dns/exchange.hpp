#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"
#include "dns/message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/udp.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::dns {

using endpoint = boost::asio::ip::udp::endpoint;

struct ask_options {
    bool recursion_desired = false;
    // For the whole exchange: UDP with its repetitions, and TCP where the answer was truncated.
    clock::duration patience = std::chrono::seconds(2);
};

// Puts one question to one given server and to nobody else. UDP with EDNS, from a random port with
// a random id and letters in random case, sent again after 0.3 s and 0.9 s; an answer counts only
// if it comes from that address and repeats id, question and case. A server that gets everything
// right but the case is asked once more, in small letters, and then the case does not count. A
// truncated answer is asked for again over TCP (RFC 7766), where nobody can forge without seeing
// the question, and the case does not count either. Any response code is a success.
// error_kind::unreachable: silence, no way there, or nothing but answers to other questions, which
// over UDP is whatever does not count; error_kind::dns_failure: what came over TCP was no message.
async_result<message> ask(endpoint server, question asked, ask_options options);

// "192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]:5353". error_kind::usage.
result<endpoint> parse_endpoint(std::string_view text, std::uint16_t default_port);

std::string to_string(endpoint const& server);

// False where this host has no way to the address at all, such as to any IPv6 address without IPv6:
// known from the routing table, nothing is sent.
bool has_route(endpoint const& server);

} // namespace acme_dns01::dns
