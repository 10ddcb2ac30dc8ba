#include "sandbox/record_rules.hpp"

#include "digitalocean/answers.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace acme_dns01::sandbox {

namespace json = boost::json;

namespace {

using digitalocean::record;

constexpr std::int64_t ttl_min = 30;
constexpr std::int64_t ttl_max = 2147483647; // RFC 2181 8
constexpr std::size_t data_length_max = 512;

error rejected(std::string message) {
    return {.kind = error_kind::rejected, .message = std::move(message)};
}

bool has_host(std::string_view type) {
    constexpr std::array types{"CNAME", "NS", "MX", "SRV", "CAA"};
    return std::ranges::find(types, type) != types.end();
}

bool is_known(std::string_view type) {
    constexpr std::array types{"A", "AAAA", "TXT"};
    return has_host(type) || std::ranges::find(types, type) != types.end();
}

template <class Read, class T>
std::optional<error> merge(Read read, json::object const& body, std::string_view key, T& into) {
    if (!body.contains(json::string_view(key.data(), key.size()))) return std::nullopt;
    auto value = read(body, key);
    if (!value) return rejected(std::string(key) + " is invalid");
    into = std::move(*value);
    return std::nullopt;
}

result<record> merged(record r, json::object const& body) {
    using digitalocean::optional_integer;
    using digitalocean::optional_string;
    std::optional<std::string> name = r.name;
    std::optional<std::string> data = r.data;
    auto e = merge(optional_string, body, "name", name);
    if (!e) e = merge(optional_string, body, "data", data);
    if (!e) e = merge(optional_integer, body, "ttl", r.ttl);
    if (!e) e = merge(optional_integer, body, "priority", r.priority);
    if (!e) e = merge(optional_integer, body, "port", r.port);
    if (!e) e = merge(optional_integer, body, "weight", r.weight);
    if (!e) e = merge(optional_integer, body, "flags", r.flags);
    if (!e) e = merge(optional_string, body, "tag", r.tag);
    if (e) return *e;
    r.name = name.value_or("");
    r.data = data.value_or("");
    return r;
}

std::optional<error> take_name(record& r, zone const& z) {
    if (r.name.empty()) return rejected("Name can't be blank");
    auto const owner = dns::absolute_name(r.name, z.name);
    if (!owner) return rejected("Name is invalid");
    if (!owner->is_within(z.name)) return rejected("Name is not within the domain");
    r.name = owner->relative_to(z.name);
    return std::nullopt;
}

bool is_address(int family, std::string const& text) {
    std::array<unsigned char, 16> address{};
    return text.find('\0') == std::string::npos &&
           ::inet_pton(family, text.c_str(), address.data()) == 1;
}

std::optional<error> take_host(record& r) {
    if (r.data == "@") return std::nullopt;
    if (!r.data.ends_with('.')) return rejected("Data needs to end with a dot (.)");
    r.data.pop_back();
    if (r.type == "CAA") return std::nullopt;
    if (r.data.ends_with('.') || !dns::name::parse(r.data)) return rejected("Data is invalid");
    return std::nullopt;
}

std::optional<error> take_data(record& r) {
    if (r.data.empty()) return rejected("Data can't be blank");
    if (r.data.size() > data_length_max) return rejected("Data is too long");
    if (r.type == "A" && !is_address(AF_INET, r.data))
        return rejected("IP address did not match IPv4 format");
    if (r.type == "AAAA" && !is_address(AF_INET6, r.data))
        return rejected("IP address did not match IPv6 format");
    return has_host(r.type) ? take_host(r) : std::nullopt;
}

std::optional<error> take_ttl(record& r, zone const& z) {
    if (!r.ttl) r.ttl = z.ttl;
    if (*r.ttl < ttl_min) return rejected("TTL must be greater than or equal to 30");
    if (*r.ttl > ttl_max) return rejected("TTL is too large");
    return std::nullopt;
}

std::optional<error>
take_number(std::optional<std::int64_t>& value, bool used, std::string_view name, int number_max) {
    if (!used) {
        value.reset();
    } else if (!value) {
        return rejected(std::string(name) + " can't be blank");
    } else if (*value < 0 || *value > number_max) {
        return rejected(std::string(name) + " is out of range");
    }
    return std::nullopt;
}

std::optional<error> take_tag(record& r) {
    if (r.type != "CAA") {
        r.tag.reset();
    } else if (!r.tag || (r.tag != "issue" && r.tag != "issuewild" && r.tag != "iodef")) {
        return rejected("Tag must be one of issue, issuewild, iodef");
    }
    return std::nullopt;
}

std::optional<error> take_numbers(record& r) {
    constexpr auto wide = 65535;
    auto const srv = r.type == "SRV";
    auto e = take_number(r.priority, srv || r.type == "MX", "Priority", wide);
    if (!e) e = take_number(r.port, srv, "Port", wide);
    if (!e) e = take_number(r.weight, srv, "Weight", wide);
    if (!e) e = take_number(r.flags, r.type == "CAA", "Flags", 255);
    return e;
}

// The record as the API stores it, from the form in which it is sent.
result<record> taken(record r, zone const& z) {
    if (!is_known(r.type)) return rejected("Type is invalid");
    auto e = take_name(r, z);
    if (!e) e = take_data(r);
    if (!e) e = take_ttl(r, z);
    if (!e) e = take_numbers(r);
    if (!e) e = take_tag(r);
    if (e) return *e;
    return r;
}

// The data as it would be sent, from the form in which the API stores it.
record as_sent(record r) {
    if (has_host(r.type) && r.data != "@") r.data += ".";
    return r;
}

// RFC 1034 3.6.2: a CNAME is alone at its name.
std::optional<error> complaint_about_neighbours(record const& r, zone const& z) {
    for (auto const* held : z.records.at(dns::absolute_name(r.name, z.name).value())) {
        auto const& other = held->record;
        if (!held->is_live() || other.id == r.id) continue;
        if (r.type == "CNAME" || other.type == "CNAME")
            return rejected("CNAME records cannot share a name with other records");
    }
    return std::nullopt;
}

result<record> accepted(result<record> r, zone const& z) {
    if (!r) return r;
    if (auto e = complaint_about_neighbours(*r, z)) return *e;
    return r;
}

} // namespace

result<record> new_record(json::object const& body, zone const& z) {
    auto type = digitalocean::required_string(body, "type");
    if (!type) return rejected("Type can't be blank");
    record r;
    r.type = std::move(*type);
    auto sent = merged(std::move(r), body);
    if (!sent) return sent;
    return accepted(taken(std::move(*sent), z), z);
}

result<record> changed_record(record const& before, json::object const& body, zone const& z) {
    auto sent = merged(as_sent(before), body);
    if (!sent) return sent;
    return accepted(taken(std::move(*sent), z), z);
}

result<record> checked_record(record r, zone const& z) {
    return accepted(taken(as_sent(std::move(r)), z), z);
}

} // namespace acme_dns01::sandbox
