#pragma once

#include "cli/output/output.hpp"
#include "digitalocean/answers.hpp"
#include "digitalocean/record.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace acme_dns01::cli {

// The account's zones and records, for people and for programs. Programs get the API's own objects
// in the API's order; people get sorted tables, at most `width` columns wide.

// The whole list as text, because as a json::object it would take far more memory. Each item is
// freed once it is written.
template <class T>
std::string json_text(std::string const& key, digitalocean::page<T> list) {
    std::string text;
    for (auto& item : list.items) {
        text += text.empty() ? "" : ",";
        text += json_text(to_json(std::exchange(item, {})));
    }
    return "{\"" + key + "\":[" + text + "],\"meta\":{\"total\":" + std::to_string(list.total) +
           "}}";
}

std::vector<std::string>
lines_for(std::vector<digitalocean::domain> zones, std::size_t width = unlimited);
std::vector<std::string>
lines_for(std::vector<digitalocean::record> records, std::size_t width = unlimited);

// The lines of the zone file; a table of one row where the API has no zone file yet.
std::vector<std::string>
zone_file_lines(digitalocean::domain const& zone, std::size_t width = unlimited);

// As in a zone file: "10 mail.example.com", "0 issue \"letsencrypt.org\"".
std::string data_text(digitalocean::record const& r);

// The warning where a request had no clear answer and a search then found what it would create.
constexpr auto found_afterwards =
    "the API gave no clear answer: what it was to create exists, but may have existed before";

// "20 of 5000 domains are shown; use --all to see all"; empty if all are shown.
std::string remark_on(std::size_t shown, std::int64_t total, std::string const& what);

// Prints a list of `what`, "domains" or "records", under its key in JSON, and warns if it is not
// all of them.
template <class T>
void show_list(
    output& out, digitalocean::page<T> found, std::string const& what, std::string const& key
) {
    if (out.prints_json()) {
        out.text(json_text(key, std::move(found)) + "\n");
        return;
    }
    auto const remark = remark_on(found.items.size(), found.total, what);
    out.result(lines_for(std::move(found.items), out.width()), {});
    if (!remark.empty()) out.warning(remark);
}

} // namespace acme_dns01::cli
