#pragma once

#include "caa/decision.hpp"

#include <string>
#include <vector>

namespace acme_dns01::caa {

// Why a decision is as it is: one sentence that names the record, the level and the rule. Text of
// strangers is cut in it, and made printable. The advice says what to change, as one sentence
// without its full stop; it is empty where the request is permitted.
struct explanation {
    std::string reason;
    std::string advice;
};

explanation explain_ruling(request const& r, level const& l, ruling const& found);
explanation explain_failure(level const& l);
explanation explain_missing_top(level const& top);
std::string reason_of_no_records(std::vector<level> const& climb);

} // namespace acme_dns01::caa
