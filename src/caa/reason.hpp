#pragma once

#include "caa/decision.hpp"
#include "caa/judgement.hpp"

#include <string>
#include <vector>

namespace acme_dns01::caa {

// Why a decision is what it is: one sentence that names the record, the level and the rule. What
// others wrote stands in it printable and cut.
std::string reason_of_judgement(request const& r, level const& l, judgement const& j);
std::string reason_of_no_records(std::vector<level> const& climb);
std::string reason_of_failure(level const& l);
// The last level is that of the top-level domain.
std::string reason_of_missing_top(std::vector<level> const& climb);

} // namespace acme_dns01::caa
