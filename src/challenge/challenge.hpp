#pragma once

#include "base/error.hpp"
#include "dns/name.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::challenge {

// One identifier to prove, and the TXT value that proves it (RFC 8555 8.4). A name and its wildcard
// are two challenges at one challenge name.
struct dns01 {
    std::string domain; // as the journal keeps it: A-labels, "*." kept
    dns::name fqdn;     // _acme-challenge.<domain without "*.">, or where that is an alias of
    std::string value;
    std::optional<dns::name> public_zone{}; // that fqdn is in, as far as the public DNS told
    friend bool operator==(dns01 const&, dns01 const&) = default;
};

// One whose value is not known yet. error_kind::usage for what is no domain name of at least two
// labels (IP addresses included).
result<dns01> make_challenge(std::string_view domain);

// error_kind::usage, too, for a value that is not the 43 base64url characters of a SHA-256 digest.
result<dns01> make_challenge(std::string_view domain, std::string_view value);

// The same of a record's name, as clients say it that follow aliases themselves. Its domain is what
// it proves if it is a challenge name, and else the name itself.
result<dns01> make_challenge_at(std::string_view record_name, std::string_view value);

// The domain, and where its record goes if that is elsewhere: for messages.
std::string label_of(dns01 const& c);

// Whether the public DNS looks for its record in a zone below this one, as far as it told.
bool is_in_zone_below(dns01 const& c, dns::name const& zone);

// True for 43 base64url characters (RFC 4648 5). Such a value may begin with '-'.
bool is_challenge_value(std::string_view text);

// True for a name whose first label is _acme-challenge.
bool is_challenge_name(dns::name const& fqdn);

} // namespace acme_dns01::challenge
