#include "digitalocean/record.hpp"

#include "base/text.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace acme_dns01::digitalocean {

namespace json = boost::json;

BOOST_DESCRIBE_STRUCT(record, (), (id, type, name, data, priority, port, ttl, weight, flags, tag))
BOOST_DESCRIBE_STRUCT(domain, (), (name, ttl, zone_file))
BOOST_DESCRIBE_STRUCT(
    record_fields, (), (type, name, data, priority, port, ttl, weight, flags, tag)
)

namespace {

template <class T>
json::value or_null(T const& value) {
    return json::value(value);
}

template <class T>
json::value or_null(std::optional<T> const& value) {
    return value ? json::value(*value) : json::value();
}

// Every member under its own name, in the order of their declaration.
template <class T>
json::object members_of(T const& whole) {
    json::object o;
    using members = boost::describe::describe_members<T, boost::describe::mod_public>;
    boost::mp11::mp_for_each<members>([&](auto m) { o[m.name] = or_null(whole.*m.pointer); });
    return o;
}

constexpr std::size_t shown_max = 80;

// The types of the API, and what a new record needs in addition to a name and data.
struct record_form {
    std::string_view type;
    bool has_host = false;
    bool priority = false;
    bool port_and_weight = false;
    bool flags_and_tag = false;
};

constexpr std::array<record_form, 9> forms{{
    {.type = "A"},
    {.type = "AAAA"},
    {.type = "CAA", .flags_and_tag = true},
    {.type = "CNAME", .has_host = true},
    {.type = "MX", .has_host = true, .priority = true},
    {.type = "NS", .has_host = true},
    {.type = "SOA"},
    {.type = "SRV", .has_host = true, .priority = true, .port_and_weight = true},
    {.type = "TXT"},
}};

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
        "--type " + in_quotes(type, shown_max) + " is not a record type at DigitalOcean",
        "the types are A, AAAA, CAA, CNAME, MX, NS, SRV and TXT"
    );
}

result<std::string> relative_name(std::string const& text, dns::name const& zone) {
    auto const whole = dns::name::parse(text);
    if (text != "@" && whole && whole->is_within(zone)) return whole->relative_to(zone);
    auto const name = dns::absolute_name(text, zone);
    if (!name) return in_context("--name", name.error());
    if (name->is_within(zone)) return name->relative_to(zone);
    return refused(
        "--name " + in_quotes(text, shown_max) + " is not within zone " + zone.text(),
        "write it relative to the zone, such as www, or @ for the zone itself"
    );
}

// The API wants a final dot after every host and issuer, and none after the URL of an iodef
// property. "mail" alone stays as it is: whether mail.example.com was meant is not for us to guess.
std::string data_to_send(record_fields const& fields, record_form const& form) {
    auto const& text = *fields.data;
    auto const is_url = text.substr(0, text.find(';')).find(':') != std::string::npos;
    if (form.type == "CAA" && (fields.tag == "iodef" || is_url))
        return std::string(without_final_dot(text));
    if (form.type == "CAA") return text.empty() || text.ends_with('.') ? text : text + ".";
    auto const host = dns::name::parse(text);
    auto const is_whole = host && (host->label_count() > 1 || text.ends_with('.'));
    return form.has_host && is_whole ? host->absolute() : text;
}

std::string missing_options(record_fields const& fields, record_form const& form) {
    auto const missing = [](bool is_needed, bool is_there, std::string_view option) {
        return is_needed && !is_there ? " --" + std::string(option) : std::string();
    };
    return missing(true, fields.name.has_value(), "name") +
           missing(true, fields.data.has_value(), "data") +
           missing(form.priority, fields.priority.has_value(), "priority") +
           missing(form.port_and_weight, fields.port.has_value(), "port") +
           missing(form.port_and_weight, fields.weight.has_value(), "weight") +
           missing(form.flags_and_tag, fields.flags.has_value(), "flags") +
           missing(form.flags_and_tag, fields.tag.has_value(), "tag");
}

template <class T, class U>
bool fits(std::optional<T> const& wanted, U const& found) {
    return !wanted || *wanted == found;
}

} // namespace

json::object to_json(record const& r) { return members_of(r); }

json::object to_json(domain const& d) { return members_of(d); }

json::object to_json(record_fields const& fields) {
    json::object given;
    for (auto const& [key, value] : members_of(fields)) {
        if (!value.is_null()) given[key] = value;
    }
    return given;
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
    if (fields.data) fields.data = data_to_send(fields, *form);
    return fields;
}

result<record_fields> checked_new(record_fields fields, dns::name const& zone) {
    if (!fields.type) return refused("a new record needs --type", "for example --type A");
    auto checked = checked_change(std::move(fields), zone, "");
    if (!checked) return checked;
    auto const missing = missing_options(*checked, form_of(*checked->type).value());
    if (missing.empty()) return checked;
    return refused("a new " + *checked->type + " record also needs" + missing);
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
           fits(fields.priority, r.priority) && fits(fields.port, r.port) &&
           fits(fields.weight, r.weight) && fits(fields.flags, r.flags) && fits(fields.tag, r.tag);
}

} // namespace acme_dns01::digitalocean
