#include "digitalocean/operation.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace acme_dns01::digitalocean {

namespace json = boost::json;

namespace {

constexpr auto domains_path = "/v2/domains";

std::string domain_path(dns::name const& zone) {
    return domains_path + ("/" + net::percent_encoded(zone.text()));
}

std::string records_path(dns::name const& zone) { return domain_path(zone) + "/records"; }

std::string record_path(dns::name const& zone, std::int64_t id) {
    return records_path(zone) + "/" + std::to_string(id);
}

std::string label_of(dns::name const& zone, std::int64_t id) {
    return "record " + std::to_string(id) + " of zone " + zone.text();
}

// "?a=1&b=2" of what is not empty, and of the page.
std::string query(std::string const& name, std::string const& type, page_request wanted) {
    auto const text_of = [](auto const& n) { return n ? std::to_string(*n) : std::string(); };
    std::string text;
    for (auto const& [key, value] :
         {std::pair<std::string, std::string>("name", name),
          {"type", type},
          {"page", text_of(wanted.number)},
          {"per_page", text_of(wanted.per_page)}}) {
        if (value.empty()) continue;
        text += (text.empty() ? "?" : "&") + key + "=" + net::percent_encoded(value);
    }
    return text;
}

std::string doing_of(record_filter const& filter, dns::name const& zone) {
    auto const type = filter.type.empty() ? "" : filter.type + " ";
    return "listing the " + type + "records of " +
           (filter.name ? filter.name->text() + " in " : "") + "zone " + zone.text();
}

std::string doing_of(record_fields const& fields, dns::name const& zone) {
    auto const name = dns::absolute_name(fields.name.value_or("@"), zone);
    return "creating " + (name ? name->text() : *fields.name) + " in zone " + zone.text();
}

operation
made_of(std::string_view method, std::string target, std::string doing, std::string body = {}) {
    net::request wanted{std::string(method), std::move(target), std::move(body)};
    if (method == "GET") return {std::move(wanted), 200, std::move(doing), "domain:read"};
    if (method == "POST") return {std::move(wanted), 201, std::move(doing), "domain:create"};
    if (method == "DELETE") return {std::move(wanted), 204, std::move(doing), "domain:delete"};
    return {std::move(wanted), 200, std::move(doing), "domain:update"};
}

} // namespace

operation listing_domains(page_request wanted) {
    return made_of("GET", domains_path + query("", "", wanted), "listing the zones");
}

operation creating_domain(new_domain const& wanted) {
    json::object body{{"name", wanted.name.text()}};
    if (!wanted.ip_address.empty()) body["ip_address"] = wanted.ip_address;
    auto doing = "creating zone " + wanted.name.text();
    return made_of("POST", domains_path, std::move(doing), json::serialize(body));
}

operation retrieving_domain(dns::name const& zone) {
    return made_of("GET", domain_path(zone), "looking for zone " + zone.text());
}

operation deleting_domain(dns::name const& zone) {
    return made_of("DELETE", domain_path(zone), "deleting zone " + zone.text());
}

operation listing_records(dns::name const& zone, record_filter const& filter, page_request wanted) {
    auto const parameters = query(filter.name ? filter.name->text() : "", filter.type, wanted);
    return made_of("GET", records_path(zone) + parameters, doing_of(filter, zone));
}

operation creating_record(dns::name const& zone, record_fields const& fields) {
    auto body = json::serialize(to_new_json(fields));
    return made_of("POST", records_path(zone), doing_of(fields, zone), std::move(body));
}

operation creating_nothing(dns::name const& zone) {
    auto doing = "asking whether records of zone " + zone.text() + " may be created";
    return made_of("POST", records_path(zone), std::move(doing), "{}");
}

operation retrieving_record(dns::name const& zone, std::int64_t id) {
    return made_of("GET", record_path(zone, id), "reading " + label_of(zone, id));
}

operation updating_record(dns::name const& zone, std::int64_t id, record_fields const& fields) {
    auto body = json::serialize(to_json(fields));
    return made_of("PUT", record_path(zone, id), "changing " + label_of(zone, id), std::move(body));
}

operation patching_record(dns::name const& zone, std::int64_t id, record_fields const& fields) {
    auto patching = updating_record(zone, id, fields);
    patching.request.method = "PATCH";
    return patching;
}

operation deleting_record(dns::name const& zone, std::int64_t id) {
    return made_of("DELETE", record_path(zone, id), "removing " + label_of(zone, id));
}

} // namespace acme_dns01::digitalocean
