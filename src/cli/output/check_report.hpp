#pragma once

#include "cli/output/metrics.hpp"
#include "cli/output/output.hpp"
#include "preflight/finding.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace acme_dns01::cli {

// The findings of `check`, for people and for programs.

// {"findings": [...], "ok": false}.
boost::json::object to_json(preflight::findings const& all);

// Grouped by domain: one line for all that is well, and what is not with its evidence and its fix.
// A fault of a zone or an account is shown in full with the first of its domains only. With `every`
// a line for each that is well, too.
std::vector<toned_line> lines_for(preflight::findings const& all, bool every);

// Fails if there are errors: the exit status of a command that prints the findings all the same.
// error_kind::problems_found; error_kind::dns_failure if all that is wrong is that something could
// not be found out.
result<void> outcome_of(preflight::findings const& all);

// Whether each check of each domain found no error.
std::vector<metric_family> metrics_of(preflight::findings const& all);

} // namespace acme_dns01::cli
