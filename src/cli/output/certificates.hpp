#pragma once

#include "certificate/status.hpp"
#include "cli/output/metrics.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace acme_dns01::cli {

// Certificates as `cert status` reports them, in the order given.

boost::json::object to_json(std::vector<certificate::status> const& all, certificate::moment now);

// A table, with the reason and what to do below each that needs it, and the clients below it that
// nothing starts. `verbose` adds key, serial, issuer and dates, and every reason.
std::vector<std::string> lines_for(
    std::vector<certificate::status> const& all,
    certificate::moment now,
    std::size_t width,
    bool verbose = false
);

// error_kind::problems_found where one needs somebody.
result<void> outcome_of(std::vector<certificate::status> const& all);

std::vector<metric_family> metrics_of(std::vector<certificate::status> const& all);

} // namespace acme_dns01::cli
