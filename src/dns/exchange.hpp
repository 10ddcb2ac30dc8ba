#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"
#include "dns/message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/udp.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::dns {

using endpoint = boost::asio::ip::udp::endpoint;

struct ask_options {
    // The server is a recursive resolver, and messages call it so.
    bool recursion_desired = false;
    // For the whole exchange: UDP with its repetitions, and TCP if the answer was truncated.
    clock::duration patience = std::chrono::seconds(2);
    // Sets the DO bit: signatures are wanted, too.
    bool dnssec_ok = false;
    // Over TCP alone, once.
    bool over_tcp = false;
    // False: as before RFC 6891.
    bool edns = true;
};

// Puts one question to exactly one server. UDP with EDNS, from a random port with a random id, sent
// again after 0.3 s and 0.9 s. An answer counts only if it comes from that address and port and
// repeats the id and the question. A truncated answer is asked for again over TCP (RFC 7766). Any
// response code is a success. error_kind::unreachable: no route, no server there, no answer,
// or only answers to other questions. error_kind::dns_failure: the bytes that came over TCP are not
// a DNS message.
//
// The letters of the name are not sent in random case (draft-vixie-dnsext-dns0x20): a forged answer
// could only end a wait early, and the random id and port are enough against that.
async_result<message> ask(endpoint server, question asked, ask_options options);

struct response {
    endpoint server;
    result<message> answer = message();
};

// True if this host had no file descriptor or no memory to ask with. That says nothing about the
// server.
bool is_own_shortage(error const& failure);

// How long a server has before the next one is asked as well.
constexpr clock::duration head_start = std::chrono::milliseconds(200);

// Puts one question to several servers in turn. The next one is asked as soon as one has answered
// uselessly or not at all within head_start; a slow one may still answer. So a dead server costs
// its head start, and its whole patience only if no other helps. Returns all responses in the order
// in which they came, up to the first useful one; empty only if there are no servers.
boost::asio::awaitable<std::vector<response>> first_answer(
    std::vector<endpoint> servers,
    question asked,
    ask_options options,
    std::function<bool(message const&)> is_useful
);

// "192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]:5353". error_kind::usage.
result<endpoint> parse_endpoint(std::string_view text, std::uint16_t default_port);

// Without the port if that is 53.
std::string to_string(endpoint const& server);

// False if this host has no route to the address, as to any IPv6 address on a host without IPv6.
// Asks the routing table; nothing is sent. True if that is not possible.
bool has_route(endpoint const& server);

} // namespace acme_dns01::dns
