#pragma once

#include "cli/output/output.hpp"
#include "digitalocean/answers.hpp"
#include "digitalocean/record.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace acme_dns01::cli {

// The account's zones and records, for people and for programs. Programs get the API's own objects
// in the API's order; people get sorted tables, at most `width` columns wide if that is given.

// The whole object as text: a long list as a json::object would take far more memory.
std::string json_text(digitalocean::page<digitalocean::domain> list);
std::string json_text(digitalocean::page<digitalocean::record> list);
// {"domain":{...}} and {"domain_record":{...}}.
boost::json::object keyed_json(digitalocean::domain const& zone);
boost::json::object keyed_json(digitalocean::record const& r);
// {"removed":[{...}]}, as cleanup prints it.
boost::json::object removed_json(boost::json::object what);

std::vector<std::string>
lines_for(std::vector<digitalocean::domain> zones, std::optional<std::size_t> width);
std::vector<std::string>
lines_for(std::vector<digitalocean::record> records, std::optional<std::size_t> width);

// The lines of the zone file; a table of one row where the API has no zone file yet.
std::vector<std::string>
zone_file_lines(digitalocean::domain const& zone, std::optional<std::size_t> width);

// As in a zone file: "10 mail.example.com", "0 issue \"letsencrypt.org\"".
std::string data_text(digitalocean::record const& r);

// The warning where a request had no clear answer and a search then found what it would create.
constexpr auto found_afterwards =
    "the request had no clear answer; what it asks for exists, and may have existed before";

// "20 of 5000 domains are shown; use --all to see all"; empty if all are shown.
std::string remark_on(std::size_t shown, std::int64_t total, std::string const& what);

// Prints a list of `what`, "domains" or "records", and warns if it is not all of them.
template <class T>
void show_list(output& out, digitalocean::page<T> found, std::string const& what) {
    if (out.prints_json()) {
        out.text(json_text(std::move(found)) + "\n");
        return;
    }
    auto const remark = remark_on(found.items.size(), found.total, what);
    out.result(lines_for(std::move(found.items), out.width()), {});
    if (!remark.empty()) out.warning(remark);
}

} // namespace acme_dns01::cli
