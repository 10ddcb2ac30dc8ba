#include "cli/progress.hpp"

#include "base/text.hpp"
#include "cli/table.hpp"

#include <algorithm>
#include <functional>

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

std::vector<std::string>
progress_lines(challenge::propagation_report const& report, std::size_t height) {
    auto servers = report.servers;
    auto const serves = [](auto const& server) {
        return server.state == challenge::server_state::serving;
    };
    auto const are_many = report.names > 1;
    if (are_many) std::erase_if(servers, serves);
    auto const room = std::max<std::size_t>(std::min(height, lines_max), 2) - (are_many ? 1 : 0);
    std::size_t left_out = 0;
    if (servers.size() > room) {
        std::stable_partition(servers.begin(), servers.end(), std::not_fn(serves));
        left_out = servers.size() - (room - 1);
        servers.resize(room - 1);
    }
    rows cells;
    for (auto const& server : servers)
        cells.push_back(cells_of(server));
    auto lines = aligned({{}, {}, {}, {.side = alignment::right}}, std::move(cells));
    for (auto& line : lines)
        line.insert(0, "  ");
    if (left_out > 0) lines.push_back("  and " + std::to_string(left_out) + " more");
    if (are_many) lines.insert(lines.begin(), summary_of(report));
    return lines;
}

} // namespace acme_dns01::cli
