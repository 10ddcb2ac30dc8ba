#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::caa {

struct parameter {
    std::string tag;
    std::string value;
    friend bool operator==(parameter const&, parameter const&) = default;
};

constexpr std::string_view account_parameter = "accounturi";       // RFC 8657 3
constexpr std::string_view method_parameter = "validationmethods"; // RFC 8657 4

// Of a text in a record, where a sentence quotes it.
constexpr std::size_t quoted_length_max = 60;

// The value of an issue or issuewild property (RFC 8659 4.2). One that does not match the grammar
// "MUST be treated the same as" one with an empty issuer, and `malformed` says in a few words where
// it went wrong.
struct issue_value {
    std::string issuer;
    std::vector<parameter> parameters;
    std::string malformed;
    friend bool operator==(issue_value const&, issue_value const&) = default;
};

// By Let's Encrypt's grammar, which differs from the RFC's in the names of parameters: they may be
// empty, and have no hyphens unless these are accepted.
issue_value parse_issue_value(std::string_view text, bool accepts_hyphens = false);

// The values of all parameters of that name, byte by byte.
std::vector<std::string> values_of(issue_value const& v, std::string_view name);

// The pieces between commas, empty ones too: one for an empty list.
std::vector<std::string> methods_in(std::string_view list);

// Labels of ASCII letters, digits and inner hyphens between dots.
bool is_issuer_domain_name(std::string_view text);

// A scheme with something after it (RFC 3986 3), of characters that a parameter's value may have
// (RFC 8659 4.2).
bool is_account_uri(std::string_view text);

// Why the value permits no account (RFC 8657 3): "has accounturi twice and so ..."; empty where it
// has one account or is for any.
std::string account_fault(issue_value const& v);

// Letters, digits and hyphens (RFC 8657 4).
bool is_method_label(std::string_view text);

// One CAA record (RFC 8659 4.1). `issue` is what its value means, and is read once.
struct property {
    property(std::uint8_t flag_bits, std::string name, std::string bytes);

    std::uint8_t flags;
    std::string tag; // as it was published; compared without case
    std::string value;
    issue_value issue; // of an issue or issuewild record; empty for any other
    friend bool operator==(property const&, property const&) = default;
};

// From RDATA. error_kind::dns_failure if it is cut short or its tag is empty. A tag with bytes
// other than ASCII letters and digits is only an unknown one, as at Let's Encrypt.
result<property> parse_property(std::span<std::uint8_t const> rdata);

// As a zone file has it, on one line of printable ASCII: 0 issue "letsencrypt.org". Other bytes are
// \DDD (RFC 1035 5.1).
std::string to_string(property const& p);

// The same for a sentence: with "CAA" before it, and cut after `shown_length_max` bytes.
std::string shown(property const& p);
constexpr std::size_t shown_length_max = 200;

bool has_tag(property const& p, std::string_view tag); // in lower case
bool has_parameter(property const& p, std::string_view name);

// "Bit 0, Issuer Critical Flag" is 0x80 (RFC 8659 4.1). Many zones publish 1 and mean it, and Let's
// Encrypt takes both for critical.
bool is_critical(property const& p);
constexpr std::uint8_t critical_flag = 0x80;
constexpr std::uint8_t mistaken_flag = 0x01;

} // namespace acme_dns01::caa
