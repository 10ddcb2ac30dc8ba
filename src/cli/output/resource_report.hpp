#pragma once

#include "digitalocean/answers.hpp"
#include "digitalocean/record.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::cli {

// The account's zones and records as people and as programs read them. Pure. Programs get the API's
// own objects in the API's order; people get tables, sorted, within `width` columns if there is
// one.

// The text of an object, so that a long list need not be one in memory.
std::string json_text(digitalocean::page<digitalocean::domain> list);
std::string json_text(digitalocean::page<digitalocean::record> list);
// {"domain":{...}} and {"domain_record":{...}}.
boost::json::object keyed_json(digitalocean::domain const& zone);
boost::json::object keyed_json(digitalocean::record const& r);
// {"removed":[{...}]}, as cleanup says it.
boost::json::object removed_json(boost::json::object what);

std::vector<std::string>
lines_for(std::vector<digitalocean::domain> zones, std::optional<std::size_t> width);
std::vector<std::string>
lines_for(std::vector<digitalocean::record> records, std::optional<std::size_t> width);

// The zone file's lines, to be kept in a file; a table of one row where the API has none yet.
std::vector<std::string>
zone_file_lines(digitalocean::domain const& zone, std::optional<std::size_t> width);

// As in a zone file: "10 mail.example.com", "0 issue \"letsencrypt.org\"".
std::string data_text(digitalocean::record const& r);

// Where a request ended unclearly and what it asked for was there.
constexpr auto found_afterwards =
    "the request had no clear answer; what it asks for is there, and may have been there before";

// "20 of 5000 domains are shown; --all shows all"; nothing where all are.
std::string remark_on(std::size_t shown, std::int64_t total, std::string const& what);

} // namespace acme_dns01::cli
