#include "cli/output/resource_report.hpp"

#include "base/text.hpp"
#include "cli/output/table.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <sstream>
#include <tuple>
#include <utility>

namespace acme_dns01::cli {

namespace json = boost::json;
using digitalocean::domain;
using digitalocean::record;

namespace {

std::string number_text(std::optional<std::int64_t> const& number) {
    return number ? std::to_string(*number) : "-";
}

// Each item is freed once it is written, so that a long list is not in memory twice.
template <class T>
std::string list_text(std::string const& key, digitalocean::page<T> list) {
    std::string text = "{\"" + key + "\":[";
    auto is_first = true;
    for (auto& item : list.items) {
        text += std::exchange(is_first, false) ? "" : ",";
        text += json_text(to_json(std::exchange(item, {})));
    }
    return text + "],\"meta\":{\"total\":" + std::to_string(list.total) + "}}";
}

// Records of the zone itself come first.
auto sort_key(record const& r) {
    return std::tuple<bool, std::string const&, std::string const&, std::string const&>(
        r.name != "@", r.name, r.type, r.data
    );
}

} // namespace

std::string json_text(digitalocean::page<domain> list) {
    return list_text("domains", std::move(list));
}

std::string json_text(digitalocean::page<record> list) {
    return list_text("domain_records", std::move(list));
}

json::object keyed_json(domain const& zone) { return {{"domain", to_json(zone)}}; }

json::object keyed_json(record const& r) { return {{"domain_record", to_json(r)}}; }

json::object removed_json(json::object what) {
    json::array list;
    list.push_back(std::move(what));
    json::object object;
    object.emplace("removed", std::move(list));
    return object;
}

std::vector<std::string> lines_for(std::vector<domain> zones, std::optional<std::size_t> width) {
    if (zones.empty()) return {"no domains"};
    std::ranges::sort(zones, {}, &domain::name);
    rows cells;
    cells.reserve(zones.size());
    for (auto& zone : zones)
        cells.push_back({std::move(zone.name), number_text(zone.ttl)});
    return aligned({{"DOMAIN"}, {"TTL", alignment::right}}, std::move(cells), width);
}

std::vector<std::string> lines_for(std::vector<record> records, std::optional<std::size_t> width) {
    if (records.empty()) return {"no records"};
    std::ranges::sort(records, {}, sort_key);
    rows cells;
    cells.reserve(records.size());
    for (auto& r : records) {
        auto data = data_text(r);
        cells.push_back({
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
        {"TTL", alignment::right},
        {"ID", alignment::right},
        {"DATA", alignment::left, true},
    };
    return aligned(columns, std::move(cells), width);
}

std::vector<std::string> zone_file_lines(domain const& zone, std::optional<std::size_t> width) {
    if (!zone.zone_file || zone.zone_file->empty()) return lines_for(std::vector{zone}, width);
    constexpr std::size_t line_max = 100'000;
    std::vector<std::string> lines;
    std::istringstream text(*zone.zone_file);
    for (std::string line; std::getline(text, line);) {
        if (line.ends_with('\r')) line.pop_back();
        std::ranges::replace(line, '\t', ' '); // means the same there, and is printable
        lines.push_back(printable(line, line_max));
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
