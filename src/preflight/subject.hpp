#pragma once

#include "base/error.hpp"
#include "challenge/challenge.hpp"
#include "dns/alias.hpp"
#include "dns/name.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::preflight {

// A domain that a certificate is to be issued for.
struct subject {
    std::string given; // "*.Example.com"
    dns::name base;    // without "*."
    bool is_wildcard = false;
    dns::name challenge; // _acme-challenge.<base>

    // These are found out in this order.
    result<dns::alias_chain> chain = error();     // of the challenge name
    std::optional<dns::name> zone = std::nullopt; // the account's zone of the last name
    std::optional<dns::name> home_zone =
        std::nullopt; // the same of the challenge name itself, aliases apart
    std::optional<dns::name> public_home = std::nullopt; // of an alias, in the public DNS
    std::optional<error> barred = std::nullopt;          // why no record may be created at that end
    std::optional<error> outside = std::nullopt;         // no zone of the account holds that end
};

// Each domain once. error_kind::usage for what is no domain name.
result<std::vector<subject>> subjects_of(std::vector<std::string> const& domains);

// "*.xn--bcher-kva.example" for a name with other letters than ASCII's, as records and certificates
// have it; else the name as it was given.
std::string shown_domain(std::string const& given);

// The name at the end of the aliases, as far as they are known.
dns::name const& end_of(subject const& s);
bool is_alias(subject const& s);
// The zone of the challenge name itself: the account's or, for an alias in a zone that is hosted
// elsewhere, the public DNS's.
std::optional<dns::name> home_of(subject const& s);

} // namespace acme_dns01::preflight
