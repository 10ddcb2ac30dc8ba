#pragma once

#include "caa/decision.hpp"
#include "preflight/finding.hpp"
#include "preflight/zone_facts.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::preflight {

// Whether validators accept the zone, and will in three days: pure. `validates` is false behind a
// resolver that passes no signatures on.
findings
check_dnssec(zone_facts const& f, bool validates, std::chrono::system_clock::time_point now);

// Whether the answers about a domain are bogus although its zone is not. Nothing if they are not.
findings check_climb(std::vector<caa::level> const& climb);

// A DS record (RFC 4034 5.1).
struct delegation_signer {
    std::uint16_t key_tag = 0;
    std::uint8_t algorithm = 0;
    std::uint8_t digest_type = 0;
};
std::optional<delegation_signer> delegation_signer_in(std::vector<std::uint8_t> const& rdata);

// False for one that validators may not use: then the zone counts as unsigned (RFC 4035 5.2). By
// RFC 8624 3.1 and 3.3 and what Unbound knows.
bool is_supported(delegation_signer const& ds);

// The earliest moment at which one of the signatures of this message ends (RFC 4034 3.1.5).
std::optional<std::chrono::system_clock::time_point> earliest_end(dns::message const& m);

constexpr std::chrono::hours short_life{72};

// Unbound and BIND treat zones with more than 150 as unsigned, PowerDNS and Knot Resolver those
// with more than 50 (RFC 9276 3.2).
constexpr unsigned iterations_max = 50;

} // namespace acme_dns01::preflight
