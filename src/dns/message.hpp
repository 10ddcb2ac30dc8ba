#pragma once

#include "base/error.hpp"
#include "dns/name.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace acme_dns01::dns {

// The DNS wire format (RFC 1035 4): queries to bytes, bytes to messages, without I/O. ldns does the
// work, and no other file of the product includes it. A message that does not parse as a whole is
// an error.

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
    rrsig = 46,
    dnskey = 48,
    nsec3param = 51,
    caa = 257,
};

enum class response_code : std::uint8_t {
    noerror = 0,
    formerr = 1,
    servfail = 2,
    nxdomain = 3,
    notimp = 4,
    refused = 5,
    badvers = 16, // in part in the OPT record (RFC 6891 6.1.3)
};

// As ldns writes them: "TXT" and "TYPE65400", "NXDOMAIN" and "RCODE12".
std::string to_string(record_type type);
std::string to_string(response_code code);

struct question {
    name asked;
    record_type type = record_type::txt;
    friend bool operator==(question const&, question const&) = default;
    friend std::strong_ordering operator<=>(question const&, question const&) = default;
};

// `data` is in presentation format, with two exceptions. For TXT it is the bytes themselves, all
// character-strings joined, as a challenge value is compared. For NS, CNAME and DNAME it is the
// target without its final dot.
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
    // EDNS's DO bit: the sender wants signatures, too (RFC 3225).
    bool dnssec_ok = false;
    question asked;
    std::vector<record> answer;
    std::vector<record> authority;
    std::vector<record> additional{}; // without OPT
};

// Fits today's paths without fragmentation, and is what the CAs' resolvers use.
constexpr std::uint16_t edns_size_default = 1232;

message make_query(question asked, std::uint16_t id, bool recursion_desired);

// The id, the question, the wish for recursion, and EDNS.
result<std::vector<std::uint8_t>> query_wire(message const& m);

// error_kind::dns_failure for anything but one whole message with exactly one question. Records of
// other classes, and names outside name's alphabet, are left out.
result<message> from_wire(std::span<std::uint8_t const> wire);

// Over TCP a message follows its length, in two bytes (RFC 1035 4.2.2).
using tcp_length = std::array<std::uint8_t, 2>;
std::vector<std::uint8_t> with_tcp_length(std::span<std::uint8_t const> wire);
std::size_t size_from(tcp_length const& length);

// The data of the records of one type and owner, in their order.
std::vector<std::string>
data_of(std::vector<record> const& records, record_type type, name const& owner);

} // namespace acme_dns01::dns
