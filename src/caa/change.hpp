#pragma once

#include "caa/decision.hpp"

#include <vector>

namespace acme_dns01::caa {

// Records to add at one name. What is there already stays. Where `kept` came of a DNS wildcard (RFC
// 4592) a record at the name hides it, and all else that the wildcard gives the name: only who sees
// the zone's own records can tell.
struct change {
    dns::name at;
    std::vector<property> kept;
    std::vector<property> added;
};

// The smallest one that makes the verdict `permitted` and changes it for no other CA: a set that
// decides and lies in the zone is added to, also where an alias leads there; one that lies above it
// is repeated, with the addition, at the domain, where it then hides the other; the first issuewild
// beside issue records is joined by copies of those, which would otherwise count for wildcards no
// longer. Nothing is added where the request is permitted already.
// error_kind::caa_forbidden, with the reason, where adding does not help: an unknown critical
// property, an alias that leads out of the zone. error_kind::dns_failure where there is no verdict
// to begin with; error_kind::zone_not_found where the zone does not hold the domain;
// error_kind::usage where the account or the method to pin is not known or cannot stand in a
// record.
result<change> change_for(
    request const& r,
    restrictions const& wanted,
    std::vector<level> const& climb,
    dns::name const& zone
);

} // namespace acme_dns01::caa
