#include "digitalocean/record.hpp"

#include "base/text.hpp"

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json/value_from.hpp>

#include <algorithm>
#include <array>
#include <locale>
#include <string_view>

namespace acme_dns01::digitalocean {

namespace json = boost::json;

BOOST_DESCRIBE_STRUCT(
    record_fields, (), (type, name, data, priority, port, ttl, weight, flags, tag)
)

namespace {

constexpr std::size_t shown_max = 80;

// The types of the API, and the options that a new record needs in addition to name and data.
struct record_form {
    std::string_view type;
    bool has_host = false;
    std::string_view options = "";
};

constexpr std::array<record_form, 9> forms{{
    {.type = "A"},
    {.type = "AAAA"},
    {.type = "CAA", .options = "flags tag"},
    {.type = "CNAME", .has_host = true},
    {.type = "MX", .has_host = true, .options = "priority"},
    {.type = "NS", .has_host = true},
    {.type = "SOA"},
    {.type = "SRV", .has_host = true, .options = "priority port weight"},
    {.type = "TXT"},
}};

error refused(std::string message, std::string hint = {}) {
    return {.kind = error_kind::usage, .message = std::move(message), .hint = std::move(hint)};
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
    auto const given = to_json(fields);
    std::string missing;
    for (auto const& option : split("name data " + std::string(form.options), " ")) {
        if (!given.contains(option)) missing += " --" + option;
    }
    return missing;
}

} // namespace

json::object to_json(record const& r) { return json::value_from(r).as_object(); }

json::object to_json(domain const& d) { return json::value_from(d).as_object(); }

json::object to_json(record_fields const& fields) {
    json::object given;
    auto const all = json::value_from(fields);
    for (auto const& [key, value] : all.get_object()) {
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
    if (fields.type) boost::algorithm::to_upper(*fields.type, std::locale::classic());
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

bool is_made_of(record const& r, record_fields fields) {
    fields.ttl.reset();
    // The API answers without the final dot that it wants.
    auto const is_host = fields.data && fields.type != "TXT" && fields.data->ends_with('.');
    if (is_host && r.data != *fields.data) fields.data->pop_back();
    auto const made = to_json(r);
    return std::ranges::all_of(to_json(fields), [&](auto const& given) {
        return made.at(given.key()) == given.value();
    });
}

} // namespace acme_dns01::digitalocean
