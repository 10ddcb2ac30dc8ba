#pragma once

#include "base/clock.hpp"
#include "dns/message.hpp"
#include "sandbox/account.hpp"

#include <string>
#include <vector>

namespace acme_dns01::sandbox {

// What of an account the DNS shows. There are no timers: what a name server shows is a function of
// the account and of the moment that it has got to.

// TTL of the SOA record, and for how long an absence may be remembered.
constexpr std::uint32_t soa_ttl = 1800;

// Everything as it was at one moment. It lives no longer than the account.
class zone_snapshot {
public:
    zone_snapshot(account const& a, clock::time_point as_of) : account_(a), as_of_(as_of) {}

    // The zone closest to the name, or nothing.
    zone const* zone_of(dns::name const& name) const;
    // True for a name that only has names below it, too.
    bool exists(zone const& z, dns::name const& name) const;
    // True for a name above a zone, which exists in somebody else's.
    bool is_above_a_zone(dns::name const& name) const;
    // Of every type, at just this name.
    std::vector<dns::record> records_at(zone const& z, dns::name const& name) const;
    dns::record soa(zone const& z) const;

private:
    account const& account_;
    clock::time_point as_of_;
};

// As in the `zone_file` of the API: everything that the account has at the moment.
std::string zone_file(account const& a, zone const& z);

} // namespace acme_dns01::sandbox
