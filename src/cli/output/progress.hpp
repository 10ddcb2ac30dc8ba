#pragma once

#include "challenge/wait/loop.hpp"

#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::cli {

// The most lines that are ever drawn.
constexpr std::size_t lines_max = 16;

// One line per address, "  ns1.digitalocean.com  192.0.2.1  serving  0.41 s", in columns. For
// several names, the first line says how many are served everywhere, and only addresses that do not
// serve all of them follow. If there are more than `height` lines, addresses that do not serve come
// first and the last line says how many are left out. If `width` is too narrow, the addresses are
// omitted.
std::vector<std::string> progress_lines(
    challenge::propagation_report const& report,
    std::size_t height = lines_max,
    std::optional<std::size_t> width = std::nullopt
);

} // namespace acme_dns01::cli
