#pragma once

#include "caa/decision.hpp"

#include <string>
#include <vector>

namespace acme_dns01::caa {

// What else is to be said of a decision: where other CAs may decide otherwise, where its parameters
// may not bind the CA, what is surely not meant. A sentence each, no two alike; after
// `warnings_max` of them only how many more.
constexpr std::size_t warnings_max = 20;

std::vector<std::string>
warnings_about(request const& r, std::vector<level> const& climb, decision const& d);

} // namespace acme_dns01::caa
