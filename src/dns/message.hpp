#pragma once

#include "base/error.hpp"
#include "dns/name.hpp"

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace acme_dns01::dns {

// The DNS wire format (RFC 1035 4), both ways and without I/O. ldns does the work and is seen
// nowhere else. Whatever does not parse whole is an error: there are no half messages.

enum class record_type : std::uint16_t {
    a = 1,
    ns = 2,
    cname = 5,
    soa = 6,
    mx = 15,
    txt = 16,
    aaaa = 28,
    srv = 33,
    dname = 39,
    ds = 43,
    dnskey = 48,
    caa = 257,
};

enum class response_code : std::uint8_t {
    noerror = 0,
    formerr = 1,
    servfail = 2,
    nxdomain = 3,
    notimp = 4,
    refused = 5,
};

std::string to_string(record_type type);
std::string to_string(response_code code);

struct question {
    name asked;
    record_type type = record_type::txt;
    friend bool operator==(question const&, question const&) = default;
    friend std::strong_ordering operator<=>(question const&, question const&) = default;
};

// `data` is presentation format, but for TXT the bytes themselves, all character-strings joined
// (so is a challenge value compared), and for NS, CNAME and DNAME the target without its final dot.
struct record {
    name owner;
    record_type type = record_type::txt;
    std::uint32_t ttl = 0;
    std::string data;
    friend bool operator==(record const&, record const&) = default;
};

struct message {
    std::uint16_t id = 0;
    bool response = false;
    bool authoritative = false;
    bool truncated = false;
    bool recursion_desired = false;
    bool recursion_available = false;
    response_code code = response_code::noerror;
    // 0: no EDNS. Otherwise the UDP payload the sender can take, in bytes (RFC 6891 6.2.3).
    std::uint16_t edns_size = 0;
    question asked;
    std::vector<record> answer;
    std::vector<record> authority;
};

// What is safe on today's paths without fragments, and what the CAs' resolvers use.
constexpr std::uint16_t edns_size_default = 1232;

message make_query(question asked, std::uint16_t id, bool recursion_desired);

// Fails only for a record whose data does not fit its type.
result<std::vector<std::uint8_t>> to_wire(message const& m);

// error_kind::dns_failure for anything but one whole message with exactly one question. Records of
// other classes and types, and names outside name's alphabet, are passed over.
result<message> from_wire(std::span<std::uint8_t const> wire);

// The data of the records of one type and owner, in the order they came in.
std::vector<std::string>
data_of(std::vector<record> const& records, record_type type, name const& owner);

} // namespace acme_dns01::dns
