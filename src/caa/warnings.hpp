#pragma once

#include "caa/decision.hpp"

#include <string>
#include <vector>

namespace acme_dns01::caa {

// What else to know about a decision: where other CAs may decide otherwise, where the parameters
// may not bind the CA, and the probable mistakes in the records. A sentence each, no two alike;
// after `warnings_max` of them only how many more.
std::vector<std::string>
warnings_about(request const& r, std::vector<level> const& climb, decision const& d);
constexpr std::size_t warnings_max = 20;

// The one of them that is about the resolver.
inline constexpr auto unproven =
    "DNSSEC was not checked, because the resolver passes no signatures on: a CA checks it and does "
    "not issue if it fails (BR 3.2.2.8)";

// Where the RFCs leave room, or Let's Encrypt does not take them to the letter: a sentence for each
// point on which another CA decides otherwise on these records. `found` is the ruling on them.
std::vector<std::string>
disagreements(request const& r, std::vector<property> const& records, ruling const& found);

} // namespace acme_dns01::caa
