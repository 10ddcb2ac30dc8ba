#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::dns {

// The root's, as IANA publishes them (https://data.iana.org/root-anchors/): DS records of its key
// of 2017, and of that of 2024, which signs from 2026 on.
std::vector<std::string> const& root_trust_anchors();

// Whether a file holds a DS or DNSKEY record in presentation format; what else there is about them
// is libunbound's to say.
bool holds_trust_anchor(std::string_view text);

// error_kind::configuration for a file that cannot be read or holds no trust anchor: with nothing
// to trust, nothing would be validated, and nobody would know.
result<void> check_trust_anchor_file(std::string const& file);

error unusable_trust_anchor(std::string const& file, std::string_view why);

} // namespace acme_dns01::dns
