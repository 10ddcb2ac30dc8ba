#pragma once

#include "base/async_result.hpp"
#include "dns/resolver.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace acme_dns01::dns {

// Where a challenge name leads by CNAME (RFC 1034 3.6.2) and DNAME (RFC 6672), as a CA will follow
// it. Neither the name nor what it leads to may exist yet, so both are asked of authoritative
// servers alone: a cache would remember that they were not there.

struct alias_chain {
    // The name itself first, last the one that is no alias: there the TXT record is looked for.
    std::vector<name> names;
    // That the last name is in, as its servers have it; nothing where they do not tell.
    std::optional<name> zone;
    // The last name would lead on, but only by a wildcard (RFC 4592), as all names beside it do. A
    // record made at the name itself takes it out of the wildcard's reach.
    bool ends_at_wildcard = false;
};

// More links than any CA follows, and fewer than take long.
constexpr std::size_t links_max = 16;

// Follows them one by one. `r` tells the zones' servers, which are asked on `port`. One that does
// not answer, or without authority, is passed over for the next. error_kind::zone_not_found for a
// circle, whose names it tells, and for a chain that is too long; error_kind::dns_failure where no
// server of the first zone answers. Further on the chain ends with what no server tells of.
async_result<alias_chain>
follow_aliases(resolver const& r, name challenge_name, std::uint16_t port);

// What one answer says about the name that was asked for, by a server of `zone`.
struct alias_step {
    enum class kind {
        target,   // no alias: here the chain ends
        alias,    // leads to `next`, by a CNAME or DNAME record of its own
        cname,    // leads to `next`, by a CNAME record that may be a wildcard's
        referral, // `next` is a zone below, and `hosts` its servers
        useless,  // no authority, an error, or nonsense
    };
    kind is = kind::useless;
    name next;
    std::vector<name> hosts;
};

alias_step step_in(message const& answer, name const& asked, name const& zone);

// RFC 6672 2.2: `asked`, which is below `owner`, with `target` in the owner's place. Fails where
// that gets too long.
result<name> substituted(name const& asked, name const& owner, name const& target);

} // namespace acme_dns01::dns
