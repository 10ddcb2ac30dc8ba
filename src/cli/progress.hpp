#pragma once

#include "challenge/propagation.hpp"

#include <string>
#include <vector>

namespace acme_dns01::cli {

// A line per address, "  ns1.digitalocean.com  192.0.2.1  serving  0.41 s", in columns; at most
// lines_max, those that do not serve yet first. Above them, where there are several names, how many
// of them are served everywhere.
std::vector<std::string> progress_lines(challenge::propagation_report const& report);

constexpr std::size_t lines_max = 16;

} // namespace acme_dns01::cli
