#pragma once

#include "caa/decision.hpp"

#include <vector>

namespace acme_dns01::caa {

// Records to add at one name, and those that are there and stay. Where `kept` came of a DNS
// wildcard (RFC 4592), a record at the name would hide all that the wildcard gives it: only the
// zone's own records show whether that is so.
struct change {
    dns::name at;
    std::vector<property> kept{};
    std::vector<property> added{};
};

// The smallest change that makes the verdict `permitted` and changes it for no other CA:
// - A set that decides and lies in the zone is added to, also where an alias leads there.
// - One above the zone is repeated at the domain, with the addition: the new set hides it.
// - The first issuewild beside issue records is joined by copies of those, which no longer count
//   for wildcards.
// - Nothing is added where the request is permitted already.
// error_kind::caa_forbidden, with the reason, where adding does not help (an unknown critical
// property, an alias out of the zone); error_kind::dns_failure where there is no verdict. The zone
// holds the domain; an account and a method to pin can stand in a record.
result<change> change_for(
    request const& r,
    restrictions const& wanted,
    std::vector<level> const& climb,
    dns::name const& zone
);

} // namespace acme_dns01::caa
