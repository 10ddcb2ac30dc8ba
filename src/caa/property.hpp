#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::caa {

// One CAA record (RFC 8659 4.1).
struct property {
    std::uint8_t flags = 0;
    std::string tag;   // as it was published; compared without case
    std::string value; // bytes
    friend bool operator==(property const&, property const&) = default;
};

// From RDATA. error_kind::dns_failure for what is cut short, and for an empty tag. A tag with other
// bytes than ASCII letters and digits is only one that nobody knows, as at Let's Encrypt.
result<property> parse_property(std::span<std::uint8_t const> rdata);

// As a zone file has it, on one line of printable ASCII: 0 issue "letsencrypt.org". Other bytes are
// \DDD (RFC 1035 5.1).
std::string to_string(property const& p);

// The same for a sentence: with "CAA" before it, and cut after `shown_length_max` bytes.
std::string shown(property const& p);
constexpr std::size_t shown_length_max = 200;

bool has_tag(property const& p, std::string_view tag); // in lower case

// Bit 0x80 (RFC 8659 4.1), and bit 0x01, which many zones publish meaning it and Let's Encrypt
// takes for it.
bool is_critical(property const& p);

constexpr std::uint8_t critical_flag = 0x80;
constexpr std::uint8_t mistaken_flag = 0x01;

} // namespace acme_dns01::caa
