#include "cli/output/resource_report.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <sstream>
#include <tuple>

namespace acme_dns01::cli {

using digitalocean::domain;
using digitalocean::record;

namespace {

std::string number_text(std::optional<std::int64_t> const& number) {
    return number ? std::to_string(*number) : "-";
}

} // namespace

std::vector<std::string> lines_for(std::vector<domain> zones, std::size_t width) {
    if (zones.empty()) return {"no domains"};
    std::ranges::sort(zones, {}, &domain::name);
    rows table;
    table.reserve(zones.size());
    for (auto& zone : zones)
        table.push_back({std::move(zone.name), number_text(zone.ttl)});
    return aligned({{"DOMAIN"}, {"TTL", cells::numbers}}, std::move(table), width);
}

std::vector<std::string> lines_for(std::vector<record> records, std::size_t width) {
    if (records.empty()) return {"no records"};
    // Those of the zone itself come first.
    using key = std::tuple<bool, std::string_view, std::string_view, std::string_view>;
    std::ranges::sort(records, {}, [](auto const& r) {
        return key(r.name != "@", r.name, r.type, r.data);
    });
    rows table;
    table.reserve(records.size());
    for (auto& r : records) {
        auto data = data_text(r);
        table.push_back({
            std::move(r.name),
            std::move(r.type),
            number_text(r.ttl),
            std::to_string(r.id),
            std::move(data),
        });
        r = {};
    }
    std::vector<column> const columns{
        {"NAME"},
        {"TYPE"},
        {"TTL", cells::numbers},
        {"ID", cells::numbers},
        {"DATA", cells::long_text},
    };
    return aligned(columns, std::move(table), width);
}

std::vector<std::string> zone_file_lines(domain const& zone, std::size_t width) {
    if (!zone.zone_file || zone.zone_file->empty()) return lines_for(std::vector{zone}, width);
    std::vector<std::string> lines;
    std::istringstream text(*zone.zone_file);
    for (std::string line; std::getline(text, line);) {
        if (line.ends_with('\r')) line.pop_back();
        std::ranges::replace(line, '\t', ' '); // means the same there, and is printable
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string data_text(record const& r) {
    if (r.type == "CAA") {
        return number_text(r.flags) + " " + r.tag.value_or("-") + " \"" + r.data + "\"";
    }
    if (r.type == "MX") return number_text(r.priority) + " " + r.data;
    if (r.type != "SRV") return r.data;
    return number_text(r.priority) + " " + number_text(r.weight) + " " + number_text(r.port) + " " +
           r.data;
}

std::string remark_on(std::size_t shown, std::int64_t total, std::string const& what) {
    if (static_cast<std::int64_t>(shown) >= total) return {};
    return std::to_string(shown) + " of " + std::to_string(total) + " " + what +
           (shown == 1 ? " is" : " are") + " shown; use --all to see all";
}

} // namespace acme_dns01::cli
