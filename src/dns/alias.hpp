#pragma once

#include "base/async_result.hpp"
#include "dns/resolver.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace acme_dns01::dns {

// Follows a challenge name's CNAME (RFC 1034 3.6.2) and DNAME records (RFC 6672) as a CA will.
// Neither the name nor its target may exist yet, so only authoritative servers are asked about
// them: a cache would remember that they did not exist.

struct alias_chain {
    // From the challenge name to the one that is no alias: a CA looks for the TXT record there.
    std::vector<name> names;
    // The zone of the last name, according to its servers; nothing if they do not answer, and for
    // the root.
    std::optional<name> zone;
    // A wildcard (RFC 4592) answers for the last name, as for all names beside it: an alias, or, at
    // the end of another alias, anything. A record created at the name itself ends that.
    bool ends_at_wildcard = false;
};

// More links than any CA follows, and fewer than take long.
constexpr std::size_t links_max = 16;

// Follows the aliases one by one. The resolver finds the zones' servers, which are asked on `port`;
// one that does not answer, or not with authority, is passed over for the next.
// error_kind::zone_not_found for a circle, with its names, and for a chain that is too long;
// error_kind::dns_failure if no server of the first zone answers. If those further on do not
// answer, the chain ends with the last name known.
async_result<alias_chain>
follow_aliases(resolver const& r, name challenge_name, std::uint16_t port);

// A random name beside this one, so that only a wildcard answers for it. The name itself
// if another label would make it too long.
name random_sibling(name const& of);

// The meaning of an answer of a server of `zone` for the name that it was asked for.
struct alias_step {
    enum class kind {
        target,   // not an alias: the chain ends here
        alias,    // leads to `next`, by a DNAME record
        cname,    // leads to `next`, by a CNAME record, maybe from a wildcard
        referral, // `next` is a zone below, and `hosts` are its servers
        useless,  // no authority, an error code, or an invalid target
    };
    kind is = kind::useless;
    name next;
    std::vector<name> hosts;
    bool exists = true;               // the target
    std::vector<std::string> texts{}; // its TXT records
};

alias_step step_in(message const& answer, name const& asked, name const& zone);

} // namespace acme_dns01::dns
