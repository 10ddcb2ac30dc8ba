#pragma once

#include "base/error.hpp"
#include "dns/name.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::challenge {

// The row of the journal with which an earlier hook has planned a challenge's record.
struct planned_row {
    std::int64_t key = 0;
    std::int64_t remaining = 0; // challenges of the order that followed
    friend bool operator==(planned_row const&, planned_row const&) = default;
};

// A domain to prove and the TXT value that proves it (RFC 8555 8.4). A domain and its wildcard are
// two challenges at one challenge name.
struct dns01 {
    std::string domain; // as in the journal: A-labels, with "*."
    dns::name fqdn;     // _acme-challenge.<domain without "*.">, or the target of that alias
    std::string value;
    std::optional<dns::name> public_zone{}; // of fqdn in the public DNS, if known
    std::optional<planned_row> planned{};
    friend bool operator==(dns01 const&, dns01 const&) = default;
};

// Without a value. error_kind::usage for anything but a domain name of at least two labels, and for
// IP addresses.
result<dns01> make_challenge(std::string_view domain);

// error_kind::usage also for a value that is not the 43 base64url characters of a SHA-256 digest.
result<dns01> make_challenge(std::string_view domain, std::string_view value);

// dns-account-01 (draft-ietf-acme-dns-account-label): the same challenge at a name of this
// account's own, so that several clients can prove a domain side by side.
// "_<label>._acme-challenge.<domain>", whose value is that of dns-01. error_kind::usage if that is
// too long.
result<dns01> for_account(dns01 c, std::string_view account_uri);

// "_ujmmovf2vn55tgye": '_', and base32 in lower case (RFC 4648 6) of the first 10 octets of SHA-256
// over the account's URL.
std::string account_label(std::string_view account_uri);

// From the name of the record, for clients that follow aliases themselves. The domain is the one
// that the challenge name belongs to, or else the name itself.
result<dns01> make_challenge_at(std::string_view record_name, std::string_view value);

// For messages: the domain, and the name of its record if that is elsewhere.
std::string label_of(dns01 const& c);

// True if the public DNS has the record's name in a zone below this one, as far as is known.
bool is_in_zone_below(dns01 const& c, dns::name const& zone);

// True for 43 base64url characters (RFC 4648 5). Such a value may begin with '-'.
bool is_challenge_value(std::string_view text);

// True for a name whose first label is _acme-challenge, or an account's label before that.
bool is_challenge_name(dns::name const& fqdn);

// The domain that a challenge name belongs to; any other name itself.
dns::name domain_at(dns::name const& fqdn);

} // namespace acme_dns01::challenge
