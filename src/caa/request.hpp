#pragma once

#include "base/error.hpp"
#include "caa/issuer.hpp"
#include "caa/record.hpp"
#include "dns/name.hpp"

#include <string>
#include <string_view>

namespace acme_dns01::caa {

// What is to be issued, and by whom.
struct request {
    dns::name domain; // without "*."
    bool wildcard = false;
    issuer by;
    std::string account_uri{};     // empty: not known
    std::string method = "dns-01"; // RFC 8657 4
};

// `*.example.com` is the wildcard of example.com. error_kind::usage for text that is not a domain
// name, and for an IP address, which CAA does not cover.
result<request> make_request(std::string_view domain, issuer by);

// "*.example.com".
std::string domain_of(request const& r);

// How one issue or issuewild record matches a request, from the farthest to the nearest.
enum class match {
    no_ca,           // an empty issuer (RFC 8659 4.2)
    malformed,       // counts as the same (RFC 8659 4.2)
    other_ca,        // compared byte by byte, as Let's Encrypt does
    invalid_account, // two accounturi, or one that is not a URI: matches no account (RFC 8657 3)
    other_account,   // (RFC 8657 3)
    invalid_method,  // two validationmethods, or a malformed list: matches no method (RFC 8657 4)
    other_method,    // (RFC 8657 4)
    authorized,      // also where the record is for one account, and the request's is not known
};

match match_of(issue_value const& v, request const& r);

// The list of one validationmethods. Let's Encrypt reads it from left to right and stops at the
// method, or at a label that RFC 8657 4 does not allow.
match match_of_methods(std::string_view list, std::string_view method);

// True for a record that names one of the CA's identities, whatever its parameters say.
bool names(property const& p, issuer const& by);

// How narrow a permission is to be.
struct restrictions {
    bool account = false;       // to the request's account
    bool method = false;        // to the request's method
    bool wildcard_only = false; // by issuewild; the request counts as one for the wildcard
};

// The value of a record that permits the request, without blanks, which not every DNS host keeps:
// letsencrypt.org;accounturi=<uri>;validationmethods=dns-01
std::string permitting_value(request const& r, restrictions const& wanted);

} // namespace acme_dns01::caa
