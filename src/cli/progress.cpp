#include "cli/progress.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::cli {

namespace {

std::vector<std::string> cells_of(challenge::server_report const& server) {
    auto const state = server.state == challenge::server_state::unasked
                           ? "asking"
                           : std::string(to_string(server.state));
    return {server.server, server.address, state, decimal(server.seconds, 2) + " s"};
}

} // namespace

std::vector<std::string> aligned(std::vector<std::vector<std::string>> const& rows) {
    std::vector<std::size_t> widths;
    for (auto const& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    std::vector<std::string> lines;
    for (auto const& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i > 0) line += "  ";
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] - row[i].size(), ' ');
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<std::string> progress_lines(challenge::propagation_report const& report) {
    auto servers = report.servers;
    if (servers.size() > lines_max) {
        auto const lacks = [](auto const& server) {
            return server.state != challenge::server_state::serving;
        };
        std::stable_partition(servers.begin(), servers.end(), lacks);
        servers.resize(lines_max);
    }
    std::vector<std::vector<std::string>> rows;
    for (auto const& server : servers)
        rows.push_back(cells_of(server));
    auto lines = aligned(rows);
    for (auto& line : lines)
        line.insert(0, "  ");
    return lines;
}

} // namespace acme_dns01::cli
