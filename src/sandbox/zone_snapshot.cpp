#include "sandbox/zone_snapshot.hpp"

#include <algorithm>
#include <optional>

namespace acme_dns01::sandbox {

namespace {

using digitalocean::record;

constexpr std::pair<std::string_view, dns::record_type> types[] = {
    {"A", dns::record_type::a},
    {"AAAA", dns::record_type::aaaa},
    {"CAA", dns::record_type::caa},
    {"CNAME", dns::record_type::cname},
    {"MX", dns::record_type::mx},
    {"NS", dns::record_type::ns},
    {"SRV", dns::record_type::srv},
    {"TXT", dns::record_type::txt},
};

dns::record_type type_of(record const& r) {
    auto const* const found =
        std::ranges::find(types, r.type, [](auto const& t) { return t.first; });
    return found == std::end(types) ? dns::record_type::txt : found->second;
}

std::string number(std::optional<std::int64_t> value) { return std::to_string(value.value_or(0)); }

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + "\"";
}

std::string host(record const& r, dns::name const& zone_name) {
    return r.data == "@" ? zone_name.text() : r.data;
}

// In the form of dns::record.
std::string dns_data(record const& r, dns::name const& zone_name) {
    if (r.type == "CNAME" || r.type == "NS") return host(r, zone_name);
    if (r.type == "MX") return number(r.priority) + " " + host(r, zone_name) + ".";
    if (r.type == "CAA")
        return number(r.flags) + " " + r.tag.value_or("") + " " + in_quotes(r.data);
    if (r.type == "SRV") {
        return number(r.priority) + " " + number(r.weight) + " " + number(r.port) + " " +
               host(r, zone_name) + ".";
    }
    return r.data;
}

std::string zone_file_data(record const& r, dns::name const& zone_name) {
    auto const data = dns_data(r, zone_name);
    if (r.type == "CNAME" || r.type == "NS") return data + ".";
    return r.type == "TXT" ? in_quotes(data) : data;
}

std::string soa_data(std::string const& first_host, zone const& z, std::int64_t serial) {
    return first_host + ". hostmaster." + z.name.absolute() + " " + std::to_string(serial) +
           " 10800 3600 604800 1800";
}

// The zone's serial number at a moment: every record added and every one removed counts.
std::int64_t serial_of(zone const& z, clock::time_point as_of) {
    auto serial = z.first_serial;
    for (auto const& held : z.records) {
        if (held.from <= as_of) ++serial;
        if (held.until <= as_of && !held.is_live()) ++serial;
    }
    return serial;
}

} // namespace

zone const* zone_snapshot::zone_of(dns::name const& name) const {
    auto levels = name.climb();
    levels.emplace_back();
    for (auto const& level : levels) {
        for (auto const* z : account_.zones_called(level)) {
            if (z->was_live(as_of_)) return z;
        }
    }
    return nullptr;
}

bool zone_snapshot::exists(zone const& z, dns::name const& name) const {
    auto const is_there = [&](held_record const* held) { return held->was_live(as_of_); };
    if (name == z.name || std::ranges::any_of(z.records.at(name), is_there)) return true;
    return std::ranges::any_of(z.records, [&](held_record const& held) {
        return held.was_live(as_of_) && held.owner.is_within(name);
    });
}

bool zone_snapshot::is_above_a_zone(dns::name const& name) const {
    return std::ranges::any_of(account_.past_and_present(), [&](zone const& z) {
        return z.was_live(as_of_) && z.name.is_within(name);
    });
}

std::vector<dns::record> zone_snapshot::records_at(zone const& z, dns::name const& name) const {
    std::vector<dns::record> found;
    for (auto const* held : z.records.at(name)) {
        if (!held->was_live(as_of_)) continue;
        auto const& r = held->record;
        auto const ttl = static_cast<std::uint32_t>(r.ttl.value_or(z.ttl));
        found.push_back({name, type_of(r), ttl, dns_data(r, z.name)});
    }
    if (name == z.name) found.push_back(soa(z));
    return found;
}

dns::record zone_snapshot::soa(zone const& z) const {
    auto data = soa_data(account_.first_host(), z, serial_of(z, as_of_));
    return {z.name, dns::record_type::soa, soa_ttl, std::move(data)};
}

std::string zone_file(account const& a, zone const& z) {
    auto const origin = z.name.absolute();
    // The last moment before `not_yet`, where live records end.
    auto const serial = serial_of(z, not_yet - clock::duration(1));
    auto text = "$ORIGIN " + origin + "\n$TTL " + std::to_string(z.ttl) + "\n" + origin +
                " IN SOA " + soa_data(a.first_host(), z, serial) + "\n";
    for (auto const* held : z.records.live()) {
        auto const& r = held->record;
        text += held->owner.absolute() + " " + number(r.ttl) + " IN " + r.type + " " +
                zone_file_data(r, z.name) + "\n";
    }
    return text;
}

} // namespace acme_dns01::sandbox
