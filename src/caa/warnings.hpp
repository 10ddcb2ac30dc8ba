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

} // namespace acme_dns01::caa
