#include "digitalocean/fields.hpp"

#include "base/text.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace acme_dns01::digitalocean {

namespace json = boost::json;

namespace {

enum class data_form { ipv4, ipv6, host, issuer, text, none };

// What a record of this type has besides a name and a TTL.
struct record_form {
    std::string_view type;
    data_form data;
    bool priority = false;
    bool port_and_weight = false;
    bool flags_and_tag = false;
};

// The SOA record is made with the zone, and nothing but its TTL can be changed.
constexpr std::array<record_form, 9> forms{{
    {"A", data_form::ipv4},
    {"AAAA", data_form::ipv6},
    {"CAA", data_form::issuer, false, false, true},
    {"CNAME", data_form::host},
    {"MX", data_form::host, true},
    {"NS", data_form::host},
    {"SOA", data_form::none},
    {"SRV", data_form::host, true, true},
    {"TXT", data_form::text},
}};

constexpr std::size_t data_length_max = 512;
constexpr std::size_t shown_max = 80;
constexpr auto ttl_can = "its TTL can, with --ttl";

error refused(std::string message, std::string hint = {}) {
    return {.kind = error_kind::usage, .message = std::move(message), .hint = std::move(hint)};
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

result<record_form> form_of(std::string_view type) {
    auto const* const found = std::ranges::find(forms, type, &record_form::type);
    if (found != forms.end()) return *found;
    return refused(
        "--type " + in_quotes(type, shown_max) + " is no type of record at DigitalOcean",
        "the types are A, AAAA, CAA, CNAME, MX, NS, SRV and TXT"
    );
}

result<std::string> relative_name(std::string const& text, dns::name const& zone) {
    auto const outside = refused(
        "--name " + in_quotes(text, shown_max) + " is not within zone " + zone.text(),
        "write it as the zone knows it, such as www, or @ for the zone itself"
    );
    auto const whole = dns::name::parse(text);
    if (text != "@" && whole && whole->is_within(zone)) return whole->relative_to(zone);
    auto const name = dns::absolute_name(text, zone);
    if (!name) return in_context("--name", name.error());
    if (!name->is_within(zone)) return outside;
    return name->relative_to(zone);
}

result<std::string> address_data(std::string const& text, bool is_v4) {
    boost::system::error_code ec;
    auto const address = boost::asio::ip::make_address(text, ec);
    auto const has_scope = text.find('%') != std::string::npos;
    if (!ec && !has_scope && address.is_v4() == is_v4) return text;
    return refused(
        "--data " + in_quotes(text, shown_max) + " is no IPv" + (is_v4 ? "4" : "6") + " address"
    );
}

result<std::string> host_data(std::string const& text) {
    if (text == "@") return text;
    auto const host = dns::name::parse(text);
    if (!host) return in_context("--data", host.error());
    if (host->label_count() > 1 || text.ends_with('.')) return host->absolute();
    return refused(
        "--data " + in_quotes(text, shown_max) + " is no whole host name",
        "write it with its domain, such as mail.example.com"
    );
}

result<std::string> checked_data(std::string const& text, data_form form) {
    if (text.empty()) return refused("--data is empty");
    if (text.size() > data_length_max) return refused("--data is longer than 512 bytes");
    switch (form) {
    case data_form::ipv4:
        return address_data(text, true);
    case data_form::ipv6:
        return address_data(text, false);
    case data_form::host:
        return host_data(text);
    case data_form::issuer:
        return text.ends_with('.') ? text : text + ".";
    case data_form::none:
        return refused("the data of an SOA record cannot be changed", ttl_can);
    case data_form::text:
        break;
    }
    return text;
}

// Whether the attribute may be given, and is in range.
std::optional<error> complaint_about(
    std::string_view option,
    std::optional<std::int64_t> const& value,
    std::string_view type,
    bool belongs,
    std::int64_t most
) {
    if (!value) return std::nullopt;
    auto const name = "--" + std::string(option);
    if (!belongs) return refused(name + " is no attribute of " + std::string(type) + " records");
    if (*value >= 0 && *value <= most) return std::nullopt;
    return refused(name + " is a number from 0 to " + std::to_string(most));
}

std::optional<error> complaint_about_tag(record_fields const& fields, record_form const& form) {
    if (!fields.tag) return std::nullopt;
    if (!form.flags_and_tag) {
        return refused("--tag is no attribute of " + std::string(form.type) + " records");
    }
    constexpr std::array<std::string_view, 3> tags{"issue", "issuewild", "iodef"};
    if (std::ranges::find(tags, *fields.tag) != tags.end()) return std::nullopt;
    return refused(
        "--tag " + in_quotes(*fields.tag, shown_max) + " is none of issue, issuewild and iodef"
    );
}

std::optional<error> complaint_about_ttl(record_fields const& fields) {
    constexpr std::int64_t least = 30;
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max(); // RFC 2181 8
    if (!fields.ttl || (*fields.ttl >= least && *fields.ttl <= most)) return std::nullopt;
    return refused("--ttl is a number of seconds from 30 to " + std::to_string(most));
}

std::optional<error> complaint_about_numbers(record_fields const& fields, record_form const& form) {
    constexpr auto wide = std::numeric_limits<std::uint16_t>::max();
    constexpr auto narrow = std::numeric_limits<std::uint8_t>::max();
    auto const type = form.type;
    auto e = complaint_about("priority", fields.priority, type, form.priority, wide);
    if (!e) e = complaint_about("port", fields.port, type, form.port_and_weight, wide);
    if (!e) e = complaint_about("weight", fields.weight, type, form.port_and_weight, wide);
    if (!e) e = complaint_about("flags", fields.flags, type, form.flags_and_tag, narrow);
    if (!e) e = complaint_about_tag(fields, form);
    if (!e) e = complaint_about_ttl(fields);
    return e;
}

std::optional<error> complaint_about_missing(record_fields const& fields, record_form const& form) {
    auto const missing = [&](bool needed, bool there, std::string_view option) {
        if (!needed || there) return std::string();
        return " --" + std::string(option);
    };
    auto const lacking = missing(true, fields.name.has_value(), "name") +
                         missing(true, fields.data.has_value(), "data") +
                         missing(form.priority, fields.priority.has_value(), "priority") +
                         missing(form.port_and_weight, fields.port.has_value(), "port") +
                         missing(form.port_and_weight, fields.weight.has_value(), "weight") +
                         missing(form.flags_and_tag, fields.flags.has_value(), "flags") +
                         missing(form.flags_and_tag, fields.tag.has_value(), "tag");
    if (lacking.empty()) return std::nullopt;
    return refused("a new " + std::string(form.type) + " record also needs" + lacking);
}

template <class T>
void put(json::object& into, json::string_view key, std::optional<T> const& value) {
    if (value) into[key] = *value;
}

template <class T>
bool fits(std::optional<T> const& wanted, T const& found) {
    return !wanted || *wanted == found;
}

} // namespace

json::object to_json(record_fields const& fields) {
    json::object body;
    put(body, "type", fields.type);
    put(body, "name", fields.name);
    put(body, "data", fields.data);
    put(body, "priority", fields.priority);
    put(body, "port", fields.port);
    put(body, "ttl", fields.ttl);
    put(body, "weight", fields.weight);
    put(body, "flags", fields.flags);
    put(body, "tag", fields.tag);
    return body;
}

json::object to_new_json(record_fields const& fields) {
    auto body = to_json(fields);
    for (json::string_view const key : {"priority", "port", "weight", "flags", "tag"})
        body.emplace(key, nullptr);
    return body;
}

result<record_fields>
checked_change(record_fields fields, dns::name const& zone, std::string const& type) {
    if (fields.type) fields.type = upper(*fields.type);
    auto const form = form_of(fields.type.value_or(type));
    if (!form) return form.error();
    if (fields.name) {
        auto name = relative_name(*fields.name, zone);
        if (!name) return name.error();
        fields.name = std::move(*name);
    }
    if (fields.data) {
        auto data = checked_data(*fields.data, form->data);
        if (!data) return data.error();
        fields.data = std::move(*data);
    }
    if (fields.name && form->data == data_form::none) {
        return refused("the name of an SOA record cannot be changed", ttl_can);
    }
    if (auto e = complaint_about_numbers(fields, *form)) return *e;
    return fields;
}

result<record_fields> checked_new(record_fields fields, dns::name const& zone) {
    if (!fields.type) return refused("a new record needs --type", "for example --type A");
    if (upper(*fields.type) == "SOA") {
        return refused("an SOA record cannot be created: every zone has one");
    }
    auto checked = checked_change(std::move(fields), zone, "");
    if (!checked) return checked;
    auto const form = form_of(*checked->type).value();
    if (auto e = complaint_about_missing(*checked, form)) return *e;
    return checked;
}

bool is_made_of(record const& r, record_fields const& fields) {
    auto const as_answered = [](std::string data) {
        if (data.ends_with('.')) data.pop_back();
        return data;
    };
    auto const is_text = fields.type == "TXT";
    auto const same_data =
        !fields.data || r.data == *fields.data || (!is_text && r.data == as_answered(*fields.data));
    return same_data && fits(fields.type, r.type) && fits(fields.name, r.name) &&
           (!fields.priority || fields.priority == r.priority) &&
           (!fields.port || fields.port == r.port) &&
           (!fields.weight || fields.weight == r.weight) &&
           (!fields.flags || fields.flags == r.flags) && (!fields.tag || fields.tag == r.tag);
}

} // namespace acme_dns01::digitalocean
