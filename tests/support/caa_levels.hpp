#pragma once

#include "caa/decision.hpp"

#include <string_view>
#include <vector>

namespace acme_dns01::test {

// Requests, CAA records and the levels that a CA climbs, for tests of decisions.

caa::issuer const& letsencrypt();

// A request to Let's Encrypt, from its account `production_account`.
caa::request asked(std::string_view domain);
constexpr std::string_view production_account = "https://acme-v02.api.letsencrypt.org/acme/acct/1";

caa::property issue(std::string_view value);
caa::property issuewild(std::string_view value);

caa::level level_with(std::string_view node, std::vector<caa::property> records);
caa::level level_without(std::string_view node);

// Every level of the domain, with records at `node` alone.
std::vector<caa::level>
levels_with(std::string_view domain, std::string_view node, std::vector<caa::property> records);

} // namespace acme_dns01::test
