#pragma once

#include "caa/decision.hpp"

#include <string>
#include <vector>

namespace acme_dns01::caa {

// Why a decision is what it is: one sentence that names the record, the level and the rule. What
// others wrote is printable in it, and cut.
std::string reason_of_ruling(request const& r, level const& l, ruling const& found);
std::string reason_of_no_records(std::vector<level> const& climb);
std::string reason_of_failure(level const& l);
// The last level is that of the top-level domain.
std::string reason_of_missing_top(std::vector<level> const& climb);

// What to change, as one sentence without its full stop. The ruling does not permit.
std::string advice_on_ruling(request const& r, level const& l, ruling const& found);
std::string advice_on_failure(level const& l);
std::string advice_on_missing_top(level const& l);

} // namespace acme_dns01::caa
