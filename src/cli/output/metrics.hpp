#pragma once

#include "base/error.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acme_dns01::cli {

// Gauges for Prometheus, in its text format 0.0.4, for node_exporter's textfile collector.

struct sample {
    std::vector<std::pair<std::string_view, std::string>> labels{};
    double value = 0;
};

// One HELP, one TYPE. Without samples it is left out.
struct metric_family {
    std::string_view name;
    std::string_view help; // one line
    std::vector<sample> samples;
};

// Whole numbers have no exponent: a time in seconds stays readable and exact. Of samples with the
// same labels the first stays, since Prometheus would refuse them all.
std::string metrics_text(std::vector<metric_family> const& families);

// The moment of the run, by which a file that grows old is seen.
metric_family run_metric(std::chrono::system_clock::time_point now);

// Replaces the file, whole or not at all, by one that everybody may read: it is written beside it
// and renamed. A link is followed. error_kind::configuration, also for what is there and is no
// regular file.
result<void> write_metrics(std::string const& file, std::vector<metric_family> const& families);

} // namespace acme_dns01::cli
