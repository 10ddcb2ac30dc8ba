#pragma once

#include "base/error.hpp"
#include "dns/name.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>

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

BOOST_DESCRIBE_STRUCT(record, (), (id, type, name, data, priority, port, ttl, weight, flags, tag))
BOOST_DESCRIBE_STRUCT(domain, (), (name, ttl, zone_file))

// With every key, nulls kept, as the API answers.
boost::json::object to_json(record const& r);
boost::json::object to_json(domain const& d);

// A record's attributes as they are sent. An update leaves those that are absent as they are.
struct record_fields {
    std::optional<std::string> type{};
    std::optional<std::string> name{}; // relative to the zone, "@" for the zone itself
    std::optional<std::string> data{};
    std::optional<std::int64_t> priority{};
    std::optional<std::int64_t> port{};
    std::optional<std::int64_t> ttl{}; // seconds
    std::optional<std::int64_t> weight{};
    std::optional<std::int64_t> flags{};
    std::optional<std::string> tag{};
    friend bool operator==(record_fields const&, record_fields const&) = default;
};

// The attributes that are present.
boost::json::object to_json(record_fields const& fields);

// The same for a new record: attributes that its type does not use are null, as in the API's
// examples. Without a TTL the record gets the zone's.
boost::json::object to_new_json(record_fields const& fields);

// Fields that a person typed, as the API wants them: the type in capitals, the name relative to the
// zone ("www", "www.example.com" and "www.example.com." are the same), hosts with their final dot.
// error_kind::usage: a type that the API does not have, a name outside the zone. Whether the values
// are valid is for the API to say. `type` is that of the record to be changed, if it is not among
// the fields.
result<record_fields>
checked_change(record_fields fields, dns::name const& zone, std::string const& type);

// The same for a new record. error_kind::usage also names the options that its type needs and that
// are missing.
result<record_fields> checked_new(record_fields fields, dns::name const& zone);

// True if the record is what these fields would have made, whatever its TTL: the API may give all
// records of a name the same.
bool is_made_of(record const& r, record_fields fields);

} // namespace acme_dns01::digitalocean
