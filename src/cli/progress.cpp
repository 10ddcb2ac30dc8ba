#include "cli/progress.hpp"

#include "base/text.hpp"
#include "cli/table.hpp"

#include <algorithm>

namespace acme_dns01::cli {

namespace {

std::vector<std::string> cells_of(challenge::server_report const& server) {
    auto const state = server.state == challenge::server_state::unasked
                           ? "asking"
                           : std::string(to_string(server.state));
    return {server.server, server.address, state, decimal(server.seconds, 2) + " s"};
}

std::string summary_of(challenge::propagation_report const& report) {
    return std::to_string(report.names_served) + " of " + std::to_string(report.names) +
           " names are served everywhere, " + decimal(report.elapsed, 1) + " s";
}

} // namespace

std::vector<std::string> progress_lines(challenge::propagation_report const& report) {
    auto servers = report.servers;
    if (servers.size() > lines_max) {
        auto const lacks = [](auto const& server) {
            return server.state != challenge::server_state::serving;
        };
        std::stable_partition(servers.begin(), servers.end(), lacks);
        servers.resize(lines_max);
    }
    rows cells;
    for (auto const& server : servers)
        cells.push_back(cells_of(server));
    auto lines = aligned({{}, {}, {}, {.side = alignment::right}}, std::move(cells));
    for (auto& line : lines)
        line.insert(0, "  ");
    if (report.names > 1) lines.insert(lines.begin(), summary_of(report));
    return lines;
}

} // namespace acme_dns01::cli
