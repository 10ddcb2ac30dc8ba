#pragma once

#include "caa/decision.hpp"

#include <string>
#include <vector>

namespace acme_dns01::caa {

// Where the RFCs leave room, or Let's Encrypt does not take them to the letter: a sentence for each
// point on which another CA decides otherwise on these records. `found` is the ruling on them.
std::vector<std::string>
disagreements(request const& r, std::vector<property> const& records, ruling const& found);

} // namespace acme_dns01::caa
