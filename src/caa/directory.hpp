#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::caa {

// The names by which a CA knows itself in CAA records, from its ACME directory's JSON:
// meta.caaIdentities (RFC 8555 7.1.1, 9.7.6), empty where the directory has none.
// error_kind::bad_answer for what is no directory, without saying whose.
result<std::vector<std::string>> identities_in(std::string_view directory);

constexpr std::size_t identities_max = 100;

} // namespace acme_dns01::caa
