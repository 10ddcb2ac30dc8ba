#include "cli/output/progress.hpp"

#include "base/text.hpp"
#include "cli/output/table.hpp"

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

using servers_shown = std::vector<challenge::server_report>;

std::vector<std::string> lines_of(servers_shown const& servers, bool with_addresses) {
    rows cells;
    for (auto const& server : servers) {
        auto row = cells_of(server);
        if (!with_addresses) row.erase(row.begin() + 1);
        row.front().insert(0, "  ");
        cells.push_back(std::move(row));
    }
    std::vector<column> columns(with_addresses ? 4 : 3);
    columns.back().side = alignment::right;
    return aligned(columns, std::move(cells));
}

std::string summary_of(challenge::propagation_report const& report) {
    return std::to_string(report.names_served) + " of " + std::to_string(report.names) +
           " names are served everywhere, " + decimal(report.elapsed, 1) + " s";
}

} // namespace

std::vector<std::string> progress_lines(
    challenge::propagation_report const& report,
    std::size_t height,
    std::optional<std::size_t> width
) {
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
    auto lines = lines_of(servers, true);
    auto const is_too_long = [&](auto const& line) { return width && line.size() > *width; };
    if (std::ranges::any_of(lines, is_too_long)) lines = lines_of(servers, false);
    if (left_out > 0) lines.push_back("  and " + std::to_string(left_out) + " more");
    if (are_many) lines.insert(lines.begin(), summary_of(report));
    return lines;
}

} // namespace acme_dns01::cli
