#pragma once

#include "base/error.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace acme_dns01::digitalocean {

// A record as the Domain Records API describes it: attributes that its type does not use are null.
struct record {
    std::int64_t id = 0;
    std::string type;
    std::string name; // relative to the zone, "@" for the zone itself
    std::string data;
    std::optional<std::int64_t> priority;
    std::optional<std::int64_t> port;
    std::optional<std::int64_t> ttl; // seconds
    std::optional<std::int64_t> weight;
    std::optional<std::int64_t> flags;
    std::optional<std::string> tag;
    friend bool operator==(record const&, record const&) = default;
};

// A zone as the Domains API describes it.
struct domain {
    std::string name;
    std::optional<std::int64_t> ttl; // seconds
    std::optional<std::string> zone_file;
    friend bool operator==(domain const&, domain const&) = default;
};

// With every key, nulls kept, as the API answers.
boost::json::object to_json(record const& r);
boost::json::object to_json(domain const& d);

// Unknown keys are ignored; a missing `id`, `type` or `name`, or a key of the wrong type, is
// error_kind::bad_answer and names the key.
result<record> record_from_json(boost::json::value const& value);
result<domain> domain_from_json(boost::json::value const& value);

} // namespace acme_dns01::digitalocean
