#pragma once

#include "caa/decision.hpp"
#include "preflight/finding.hpp"

#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::preflight {

// Who is to issue, and how; without a CA only what limits any is told.
struct issuance {
    std::optional<caa::issuer> by{};
    std::string account_uri{};
    std::string method = "dns-01";
};

// Whether CAA lets the CA issue for the domain, today and once RFC 8657 binds every CA: pure. The
// records are those of the climb.
findings
check_caa(std::string const& domain, issuance const& how, std::vector<caa::level> const& climb);

} // namespace acme_dns01::preflight
