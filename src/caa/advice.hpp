#pragma once

#include "caa/decision.hpp"
#include "caa/judgement.hpp"

#include <string>

namespace acme_dns01::caa {

// What to change, as one sentence without an end. `j` does not permit.
std::string advice_on_judgement(request const& r, level const& l, judgement const& j);
std::string advice_on_failure(level const& l);
std::string advice_on_missing_top(level const& l);

} // namespace acme_dns01::caa
