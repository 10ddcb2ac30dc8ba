#include "digitalocean/operation.hpp"

#include <boost/json/serialize.hpp>

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

// "?a=1&b=2" of what is given.
class query {
public:
    void add(std::string_view name, std::string_view value) {
        text_ +=
            (text_.empty() ? "?" : "&") + std::string(name) + "=" + net::percent_encoded(value);
    }
    void add(page_request wanted) {
        if (wanted.number) add("page", std::to_string(*wanted.number));
        if (wanted.per_page) add("per_page", std::to_string(*wanted.per_page));
    }
    std::string const& text() const { return text_; }

private:
    std::string text_;
};

std::string doing_of(record_filter const& filter, dns::name const& zone) {
    auto const type = filter.type.empty() ? "" : filter.type + " ";
    return "listing the " + type + "records of " +
           (filter.name ? filter.name->text() + " in " : "") + "zone " + zone.text();
}

std::string doing_of(record_fields const& fields, dns::name const& zone) {
    auto const name = dns::absolute_name(fields.name.value_or("@"), zone);
    return "creating " + (name ? name->text() : *fields.name) + " in zone " + zone.text();
}

std::string body_of(record_fields const& fields) { return json::serialize(to_json(fields)); }

} // namespace

operation listing_domains(page_request wanted) {
    query q;
    q.add(wanted);
    return {{"GET", domains_path + q.text(), ""}, 200, "listing the zones", "domain:read"};
}

operation creating_domain(new_domain const& wanted) {
    json::object body{{"name", wanted.name.text()}};
    if (!wanted.ip_address.empty()) body["ip_address"] = wanted.ip_address;
    return {
        {"POST", domains_path, json::serialize(body)},
        201,
        "creating zone " + wanted.name.text(),
        "domain:create"};
}

operation retrieving_domain(dns::name const& zone) {
    return {{"GET", domain_path(zone), ""}, 200, "looking for zone " + zone.text(), "domain:read"};
}

operation deleting_domain(dns::name const& zone) {
    return {
        {"DELETE", domain_path(zone), ""}, 204, "deleting zone " + zone.text(), "domain:delete"};
}

operation listing_records(dns::name const& zone, record_filter const& filter, page_request wanted) {
    query q;
    if (filter.name) q.add("name", filter.name->text());
    if (!filter.type.empty()) q.add("type", filter.type);
    q.add(wanted);
    return {{"GET", records_path(zone) + q.text(), ""}, 200, doing_of(filter, zone), "domain:read"};
}

operation creating_record(dns::name const& zone, record_fields const& fields) {
    return {
        {"POST", records_path(zone), json::serialize(to_new_json(fields))},
        201,
        doing_of(fields, zone),
        "domain:create"};
}

operation retrieving_record(dns::name const& zone, std::int64_t id) {
    return {
        {"GET", record_path(zone, id), ""}, 200, "reading " + label_of(zone, id), "domain:read"};
}

operation updating_record(dns::name const& zone, std::int64_t id, record_fields const& fields) {
    return {
        {"PUT", record_path(zone, id), body_of(fields)},
        200,
        "changing " + label_of(zone, id),
        "domain:update"};
}

operation patching_record(dns::name const& zone, std::int64_t id, record_fields const& fields) {
    auto patching = updating_record(zone, id, fields);
    patching.request.method = "PATCH";
    return patching;
}

operation deleting_record(dns::name const& zone, std::int64_t id) {
    return {
        {"DELETE", record_path(zone, id), ""},
        204,
        "removing " + label_of(zone, id),
        "domain:delete"};
}

} // namespace acme_dns01::digitalocean
