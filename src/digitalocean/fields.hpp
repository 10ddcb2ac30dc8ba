#pragma once

#include "base/error.hpp"
#include "digitalocean/record.hpp"
#include "dns/name.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace acme_dns01::digitalocean {

// Attributes of a record as they are sent. What is not given is not changed by an update.
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

// The attributes that are given.
boost::json::object to_json(record_fields const& fields);

// The same for a new record: what its type does not use is null, as in the API's examples. Without
// a TTL the zone's own is taken.
boost::json::object to_new_json(record_fields const& fields);

// What a person wrote, as the API wants it: the type in capitals, the name relative to the zone
// ("www", "www.example.com" and "www.example.com." are one), hosts with their final dot. Refuses
// what the API would refuse: a type it does not have, a name outside the zone, data that is no such
// address or host, numbers out of range, a TTL below 30, attributes that the type does not have.
// error_kind::usage names the option. `type` is that of the record to be changed, where it is not
// among the fields.
result<record_fields>
checked_change(record_fields fields, dns::name const& zone, std::string const& type);

// For a new record, everything that its type needs has to be there as well.
result<record_fields> checked_new(record_fields fields, dns::name const& zone);

// True if the record is what these fields would have made.
bool is_made_of(record const& r, record_fields const& fields);

} // namespace acme_dns01::digitalocean
