#pragma once

#include "caa/issue_value.hpp"
#include "caa/property.hpp"
#include "caa/relevant.hpp"
#include "caa/request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::caa {

// What one issue or issuewild record means to a request, from the farthest to the nearest.
enum class standing {
    names_no_ca,        // an empty issuer (RFC 8659 4.2)
    malformed,          // counts as the same
    names_another,      // CA
    account_impossible, // two accounturi, or one that is no URI: nobody's (RFC 8657 3)
    other_account,      // (RFC 8657 3)
    method_impossible,  // two validationmethods, or a malformed list: no method's (RFC 8657 4)
    other_method,       // (RFC 8657 4)
    authorized,         // also where it is one account's, and the request's is not known
};

standing standing_of(property const& p, request const& r, reading const& as = {});

constexpr std::string_view account_parameter = "accounturi";
constexpr std::string_view method_parameter = "validationmethods";

// The values of all parameters of that name, letter by letter.
std::vector<std::string> values_of(issue_value const& v, std::string_view name);
bool has_parameter(property const& p, std::string_view name);

// With a scheme and something after it (RFC 3986 3), as an account's has.
bool is_uri(std::string_view text);

// Of letters, digits and hyphens (RFC 8657 4).
bool is_method_label(std::string_view text);

// The pieces between commas, empty ones too: one for an empty list.
std::vector<std::string> methods_in(std::string_view list);

// True for a record that names one of the CA's identities, whatever its parameters say.
bool names(property const& p, issuer const& by);

// What a record has to say to permit the request, without blanks, which not every DNS host keeps:
// letsencrypt.org;accounturi=<uri>;validationmethods=dns-01
std::string permitting_value(request const& r, bool for_account, bool for_method);

} // namespace acme_dns01::caa
