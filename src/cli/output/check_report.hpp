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
// With `every` a line for each that is well, too.
std::vector<toned_line> lines_for(preflight::findings const& all, bool every);

// The failure of a command whose findings are printed all the same; none where no finding is an
// error. error_kind::problems_found; error_kind::dns_failure if all that is wrong is that something
// could not be found out.
result<void> outcome_of(preflight::findings const& all);

// Whether each check of each domain found no error.
std::vector<metric_family> metrics_of(preflight::findings const& all);

} // namespace acme_dns01::cli
