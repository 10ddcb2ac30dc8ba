#pragma once

#include "challenge/wait/loop.hpp"

#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::cli {

// Never more than these.
constexpr std::size_t lines_max = 16;

// A line per address, "  ns1.digitalocean.com  192.0.2.1  serving  0.41 s", in columns. Where there
// are several names: how many of them are served everywhere, and below it the addresses that do not
// serve them all yet. At most `height` lines; then those that do not serve come first, and the last
// line tells how many are left out. Where `width` is too narrow for the addresses, the lines do
// without them.
std::vector<std::string> progress_lines(
    challenge::propagation_report const& report,
    std::size_t height = lines_max,
    std::optional<std::size_t> width = std::nullopt
);

} // namespace acme_dns01::cli
