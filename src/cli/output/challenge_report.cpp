#include "cli/output/challenge_report.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace acme_dns01::cli {

namespace json = boost::json;
using std::chrono::system_clock;

namespace {

// Milliseconds are all that a wait is good for.
double rounded(double number) { return std::round(number * 1000) / 1000; }

double age_of(journal::entry const& row, system_clock::time_point now) {
    return std::max(0.0, seconds(now - row.since).count());
}

std::string id_of(journal::entry const& row) { return row.id ? std::to_string(*row.id) : "-"; }

// A planned record has no zone yet, which the journal writes as the root.
std::string zone_of(journal::entry const& row) {
    return row.zone.is_root() ? std::string() : row.zone.text();
}

json::array to_json(std::vector<challenge::record_id> const& ids) {
    json::array list;
    for (auto const& r : ids)
        list.push_back({{"zone", r.zone.text()}, {"id", r.id}});
    return list;
}

json::object to_json(challenge::server_report const& server) {
    return {
        {"server", server.server},
        {"address", server.address},
        {"state", to_string(server.state)},
        {"seconds", rounded(server.seconds)},
        {"queries", server.queries},
    };
}

using servers_shown = std::vector<challenge::server_report>;

std::vector<std::string> lines_of(servers_shown const& servers, bool with_addresses) {
    rows table;
    for (auto const& server : servers) {
        auto const is_asked = server.state != challenge::server_state::unasked;
        std::string const state(is_asked ? to_string(server.state) : "asking");
        auto const time = decimal(server.seconds, 2) + " s";
        std::vector row{"  " + server.server, server.address, state, time};
        if (!with_addresses) row.erase(row.begin() + 1);
        table.push_back(std::move(row));
    }
    std::vector<column> columns(with_addresses ? 4 : 3);
    columns.back().has = cells::numbers;
    return aligned(columns, std::move(table));
}

} // namespace

json::array to_json(std::vector<journal::entry> const& created) {
    json::array list;
    for (auto const& r : created) {
        list.push_back({
            {"zone", r.zone.text()},
            {"id", r.id.value_or(0)},
            {"name", r.fqdn.relative_to(r.zone)},
            {"fqdn", r.fqdn.text()},
            {"value", r.value},
            {"created", !r.is_adopted},
        });
    }
    return list;
}

json::object to_json(challenge::propagation_report const& report) {
    json::array servers;
    for (auto const& server : report.servers)
        servers.push_back(to_json(server));
    return {
        {"complete", report.complete},
        {"elapsed", rounded(report.elapsed)},
        {"servers", std::move(servers)},
    };
}

json::object to_json(challenge::cleaned const& done) {
    return {{"removed", to_json(done.removed)}, {"already_gone", to_json(done.already_gone)}};
}

json::object to_json(std::vector<journal::entry> const& outstanding, system_clock::time_point now) {
    json::array list;
    for (auto const& row : outstanding) {
        list.push_back({
            {"zone", or_null(zone_of(row))},
            {"id", row.id ? json::value(*row.id) : json::value(nullptr)},
            {"fqdn", row.fqdn.text()},
            {"value", row.value},
            {"state", to_string(row.at)},
            {"age", rounded(age_of(row, now))},
        });
    }
    return {{"outstanding", std::move(list)}};
}

std::vector<std::string> labels_of(std::vector<journal::entry> const& records) {
    std::vector<std::string> labels;
    for (auto const& row : records)
        labels.push_back(row.id ? row.zone.text() + "/" + id_of(row) : row.fqdn.text());
    return labels;
}

std::string remedy_for(std::vector<journal::entry> const& records, std::string const& same_place) {
    constexpr std::size_t line_max = 1500;
    auto ids = std::string();
    auto pairs = std::string();
    auto left_out = false;
    for (auto const& row : records) {
        left_out = ids.size() + pairs.size() > line_max;
        if (left_out) break;
        if (row.id) ids += (ids.empty() ? " --id " : " ") + row.zone.text() + "/" + id_of(row);
        if (!row.id) pairs += " " + shell_word(row.domain) + " " + row.value;
    }
    auto const program = "`acme-dns01" + same_place;
    return (records.size() == 1 ? "remove it with " : "remove them with ") + program + " cleanup" +
           ids + pairs + "`" + (left_out ? ", then see " + program + " status`" : "");
}

std::string line_for(journal::entry const& created) {
    return created.fqdn.text() + " TXT " + created.value +
           (created.is_adopted ? " adopted" : " created") + " as " + created.zone.text() + "/" +
           id_of(created);
}

std::string line_for(challenge::propagation_report const& report) {
    std::size_t serving = 0;
    for (auto const& server : report.servers) {
        serving += server.state == challenge::server_state::serving ? 1 : 0;
    }
    auto const all = report.servers.size();
    auto const whom =
        report.by_resolvers ? counted(all, "resolver") : counted(all, "address", "addresses");
    return "served by " + std::to_string(serving) + " of " + whom + " after " +
           decimal(report.elapsed, 2) + " s" +
           (report.by_resolvers ? ": this is what a cache has seen, not what a CA will see" : "");
}

std::vector<std::string> lines_for(challenge::cleaned const& done) {
    std::vector<std::string> lines;
    for (auto const& r : done.removed) {
        lines.push_back(r.zone.text() + "/" + std::to_string(r.id) + " removed");
    }
    for (auto const& r : done.already_gone) {
        lines.push_back(r.zone.text() + "/" + std::to_string(r.id) + " was gone already");
    }
    if (lines.empty()) lines.emplace_back("nothing to remove");
    return lines;
}

std::vector<std::string>
lines_for(std::vector<journal::entry> const& outstanding, system_clock::time_point now) {
    if (outstanding.empty()) return {"nothing outstanding"};
    rows table;
    for (auto const& row : outstanding) {
        table.push_back({
            row.zone.is_root() ? "-" : zone_of(row),
            id_of(row),
            row.fqdn.text(),
            row.value,
            decimal(age_of(row, now), 0) + " s",
            std::string(to_string(row.at)),
        });
    }
    std::vector<column> const columns{
        {"ZONE"}, {"ID", cells::numbers}, {"NAME"}, {"VALUE"}, {"AGE", cells::numbers}, {"STATE"}};
    return aligned(columns, std::move(table));
}

std::vector<std::string>
progress_lines(challenge::propagation_report const& report, output::extent room) {
    auto servers = report.servers;
    auto const serves = [](auto const& server) {
        return server.state == challenge::server_state::serving;
    };
    auto const are_many = report.names > 1;
    if (are_many) std::erase_if(servers, serves);
    auto const most = std::clamp<std::size_t>(room.height, 2, lines_max) - (are_many ? 1 : 0);
    std::size_t left_out = 0;
    if (servers.size() > most) {
        std::stable_partition(servers.begin(), servers.end(), std::not_fn(serves));
        left_out = servers.size() - (most - 1);
        servers.resize(most - 1);
    }
    auto lines = lines_of(servers, true);
    auto const is_too_long = [&](auto const& line) { return line.size() > room.width; };
    if (std::ranges::any_of(lines, is_too_long)) lines = lines_of(servers, false);
    if (left_out > 0) lines.push_back("  and " + std::to_string(left_out) + " more");
    if (!are_many) return lines;
    lines.insert(
        lines.begin(),
        std::to_string(report.names_served) + " of " + std::to_string(report.names) +
            " names are served everywhere, " + decimal(report.elapsed, 1) + " s"
    );
    return lines;
}

} // namespace acme_dns01::cli
