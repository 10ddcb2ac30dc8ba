#pragma once

#include "base/error.hpp"
#include "digitalocean/record.hpp"
#include "net/http.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::digitalocean {

// Reads JSON objects key by key. Every failure is error_kind::bad_answer and names the key.

result<boost::json::value> parse_json(std::string_view text);
result<boost::json::object> as_object(boost::json::value const& value, std::string_view what);

result<std::string> required_string(boost::json::object const& o, std::string_view key);
result<std::int64_t> required_integer(boost::json::object const& o, std::string_view key);

// Empty if the key is absent or null.
result<std::optional<std::string>>
optional_string(boost::json::object const& o, std::string_view key);
result<std::optional<std::int64_t>>
optional_integer(boost::json::object const& o, std::string_view key);

// The hint for an answer that no DigitalOcean would give.
constexpr auto check_api_url = "check --api-url: is that DigitalOcean's API?";

error bad_answer(std::string_view why);
error missing(std::string_view key);

// One page of a list, and how many entries there are in all.
template <class T>
struct page {
    std::vector<T> items;
    std::int64_t total = 0;
    bool is_last = true;
};

// The contents of the API's answers. Unknown keys are ignored; a record needs `id`, `type` and
// `name`. Lists are taken apart while they are read, so that a large one is not in memory twice.
result<record> record_from_json(boost::json::value const& value);
result<domain> domain_from_json(boost::json::value const& value);
result<page<domain>> domains_in(boost::json::value answer);
result<domain> domain_in(boost::json::value const& answer);
result<page<record>> records_in(boost::json::value answer);
result<record> record_in(boost::json::value const& answer);

// The failure that an answer with an unexpected status means. `doing` says what was asked for
// ("creating _acme-challenge.example.com in zone example.com"), `scope` is the custom scope that it
// takes ("domain:create"). The API's error object {"id", "message", "request_id"} is read if there
// is one; its message is kept as the server's words. A page instead of JSON comes from another
// server: then 401 and 403 are error_kind::unreachable, and 404 is error_kind::bad_answer. A server
// may repeat the request in what it says: `token` is taken out. The error's code is the status.
error failure_of(
    net::response const& answer,
    std::string_view doing,
    std::string_view scope,
    std::string_view token = {}
);

} // namespace acme_dns01::digitalocean
