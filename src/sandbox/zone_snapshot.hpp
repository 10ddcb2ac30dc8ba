#pragma once

#include "base/clock.hpp"
#include "dns/message.hpp"
#include "sandbox/account.hpp"

#include <string>
#include <vector>

namespace acme_dns01::sandbox {

// An account as DNS shows it. There are no timers: the answers depend only on the account and on
// the moment that a name server has reached.

// The TTL of the SOA record, and so of negative answers.
constexpr std::uint32_t soa_ttl = 1800;

// The account as it was at one moment. The account must outlive it.
class zone_snapshot {
public:
    zone_snapshot(account const& a, clock::time_point as_of) : account_(a), as_of_(as_of) {}

    // The closest zone that contains the name, or null.
    zone const* zone_of(dns::name const& name) const;
    // Also true for an empty non-terminal: a name that has only names below it.
    bool exists(zone const& z, dns::name const& name) const;
    // True for a name above a zone: it exists, but not in this account.
    bool is_above_a_zone(dns::name const& name) const;
    // Of every type, at exactly this name.
    std::vector<dns::record> records_at(zone const& z, dns::name const& name) const;
    dns::record soa(zone const& z) const;

private:
    account const& account_;
    clock::time_point as_of_;
};

// The API's `zone_file`: the zone's present records.
std::string zone_file(account const& a, zone const& z);

} // namespace acme_dns01::sandbox
