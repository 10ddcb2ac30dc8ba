#pragma once

#include "base/error.hpp"
#include "dns/name.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace acme_dns01::persist {

// The standing TXT record of dns-persist-01 (draft-ietf-acme-dns-persist, BR 3.2.2.4.22), an
// issue-value as in CAA (RFC 8659 4.2):
// <issuer>; accounturi=<uri>[; policy=wildcard][; persistUntil=<unix seconds>]
struct record {
    std::string
        issuer; // lower case, A-labels, without the final dot; empty if it is no domain name
    std::string malformed{}; // in a few words, why no CA takes it: "it has an empty parameter"
    std::string account_uri{};
    bool wildcard = false;               // policy=wildcard
    std::optional<std::int64_t> until{}; // persistUntil
    friend bool operator==(record const&, record const&) = default;
};

// As Let's Encrypt reads it (Boulder, va/dns_persist.go): names of parameters without case, unknown
// ones ignored, a policy that is not known as if there were none. A malformed record keeps its
// issuer, since it counts for that CA, and its account, by which it is found.
record parse_record(std::string_view text);

std::string to_text(record const& r);

// "_validation-persist.<domain>". error_kind::usage if that is too long.
result<dns::name> record_name(dns::name const& domain);

// The strings of a TXT record, joined without anything between. Nothing for RDATA that is cut short
// or empty.
std::optional<std::string> text_of_rdata(std::span<std::uint8_t const> rdata);

} // namespace acme_dns01::persist
