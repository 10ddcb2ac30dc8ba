#include "sandbox/api.hpp"

#include "base/text.hpp"
#include "digitalocean/answers.hpp"
#include "sandbox/record_rules.hpp"
#include "sandbox/zone_snapshot.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/crypto.h>

#include <algorithm>
#include <optional>

namespace acme_dns01::sandbox {

namespace json = boost::json;

// A request and the zone and record that its path names.
struct api::route {
    api_request const& request;
    sandbox::target target;
    dns::name zone_name{};
    std::string id{};

    std::string const& method() const { return request.method; }
    clock::time_point at() const { return request.at.time; }
};

namespace {

struct known_failure {
    unsigned status;
    std::string_view id;
    std::string_view message;
};

constexpr known_failure known_failures[] = {
    {400, "bad_request", "The request body is not valid JSON."},
    {401, "unauthorized", "Unable to authenticate you."},
    {403, "forbidden", "You are not authorized to perform this operation"},
    {404, "not_found", "The resource you requested could not be found."},
    {405, "method_not_allowed", "The method is not allowed for this resource."},
    {422, "unprocessable_entity", "The request could not be processed."},
    {429, "too_many_requests", "API rate limit exceeded."},
    {500, "server_error", "Unexpected server-side error"},
    {502, "bad_gateway", "Bad gateway"},
    {503, "service_unavailable", "Service unavailable"},
    {504, "gateway_timeout", "Gateway timeout"},
};

known_failure failure_with(unsigned status) {
    auto const* const found = std::ranges::find(known_failures, status, &known_failure::status);
    if (found != std::end(known_failures)) return *found;
    return {status, "example_error", "some error message"};
}

api_response json_answer(unsigned status, json::object const& body) {
    return {status, json::serialize(body), {}};
}

void add_rate_headers(api_response& response, rate_state const& rate) {
    auto const add = [&](std::string name, auto value) {
        response.headers.emplace_back(std::move(name), std::to_string(value));
    };
    add("ratelimit-limit", rate.limit);
    add("ratelimit-remaining", rate.remaining);
    add("ratelimit-reset", rate.reset.count());
    if (response.status == 429 && rate.retry_after.count() > 0)
        add("retry-after", rate.retry_after.count());
}

json::object domain_json(zone const& z, std::optional<std::string> file) {
    return digitalocean::to_json(digitalocean::domain{z.name.text(), z.ttl, std::move(file)});
}

api_response record_answer(unsigned status, digitalocean::record const& r) {
    return json_answer(status, {{"domain_record", digitalocean::to_json(r)}});
}

result<json::object> object_in(std::string const& body) {
    auto const value = digitalocean::parse_json(body);
    if (!value) return value.error();
    return digitalocean::as_object(*value, "body");
}

// An apex record needs a valid address.
bool is_possible(std::optional<std::string> const& ip_address, dns::name const& name) {
    if (!ip_address) return true;
    digitalocean::record r;
    r.type = ip_address->find(':') == std::string::npos ? "A" : "AAAA";
    r.name = "@";
    r.data = *ip_address;
    zone z;
    z.name = name;
    return checked_record(std::move(r), z).has_value();
}

// Ordered by id. The API compares whole names, without a final dot.
std::vector<held_record const*> records_asked_for(zone const& z, target const& t) {
    auto const type = t.parameter("type");
    auto const name = lower(t.parameter("name"));
    auto found = z.records.live();
    std::erase_if(found, [&](held_record const* held) {
        return (!type.empty() && type != held->record.type) ||
               (!name.empty() && name != held->owner.text());
    });
    return found;
}

// One page of `total` items under `key`. `item(i)` is the i-th in JSON.
template <class Item>
api_response listing(
    std::string_view key,
    std::size_t total,
    target const& t,
    std::string const& base_url,
    Item const& item
) {
    auto const asked = page::of(t);
    auto const [first, end] = asked.bounds(total);
    json::array listed;
    for (auto i = first; i < end; ++i)
        listed.push_back(item(i));
    json::object body;
    body[json::string_view(key.data(), key.size())] = std::move(listed);
    body["links"] = asked.links(base_url, t, total);
    body["meta"] = json::object{{"total", total}};
    return json_answer(200, body);
}

} // namespace

api::api(account& a, api_settings settings)
    : account_(a), settings_(std::move(settings)), rates_(settings_.limits) {}

bool api::is_authorized(api_request const& request) const {
    auto const wanted = "Bearer " + settings_.token;
    auto const& given = request.authorization;
    return given.size() == wanted.size() &&
           CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) == 0;
}

api_response api::failure(unsigned status, std::string_view message) const {
    auto const known = failure_with(status);
    auto const said = message.empty() ? known.message : message;
    return json_answer(
        status,
        {
            {"id", json::string_view(known.id.data(), known.id.size())},
            {"message", json::string_view(said.data(), said.size())},
            {"request_id", settings_.request_id()},
        }
    );
}

bool api::may(std::initializer_list<std::string_view> one_of) const {
    return settings_.scopes.empty() || std::ranges::any_of(one_of, [&](std::string_view scope) {
               return settings_.scopes.contains("domain:" + std::string(scope));
           });
}

api_response api::handle(api_request const& request) {
    auto const authorized = is_authorized(request);
    auto const rate = authorized ? rates_.take(request.at) : rates_.peek(request.at);
    auto response = !authorized ? failure(401) : !rate.allowed ? failure(429) : answer(request);
    add_rate_headers(response, rate);
    return response;
}

api_response api::refusal(unsigned status, moment at) {
    auto response = failure(status);
    add_rate_headers(response, rates_.peek(at));
    return response;
}

api_response api::answer(api_request const& request) {
    route r{request, target::parse(request.target)};
    auto const& path = r.target.segments;
    if (path.size() < 2 || path.size() > 5 || path[0] != "v2" || path[1] != "domains")
        return failure(404);
    if (path.size() == 2) return domains(r);
    auto const name = dns::name::parse(path[2]);
    if (!name) return failure(404);
    r.zone_name = *name;
    if (path.size() == 3) return domain(r);
    if (path[3] != "records") return failure(404);
    if (path.size() == 4) return records(r);
    r.id = path[4];
    return record(r);
}

api_response api::domains(route const& r) {
    if (r.method() == "GET") return may({"read"}) ? list_domains(r) : failure(403);
    if (r.method() == "POST") return may({"create"}) ? create_domain(r) : failure(403);
    return failure(405);
}

api_response api::domain(route const& r) {
    auto const reads = r.method() == "GET";
    if (!reads && r.method() != "DELETE") return failure(405);
    if (reads ? !may({"read"}) : !may({"delete"})) return failure(403);
    auto const* z = account_.find(r.zone_name);
    if (z == nullptr) return failure(404);
    if (reads) return json_answer(200, {{"domain", domain_json(*z, zone_file(account_, *z))}});
    account_.remove(r.zone_name, r.at());
    return {204, {}, {}};
}

api_response api::records(route const& r) {
    if (r.method() == "GET") return may({"read"}) ? list_records(r) : failure(403);
    if (r.method() == "POST") return may({"create", "update"}) ? create_record(r) : failure(403);
    return failure(405);
}

api_response api::record(route const& r) {
    auto const& method = r.method();
    auto const changes = method == "PUT" || method == "PATCH";
    if (method != "GET" && method != "DELETE" && !changes) return failure(405);
    if (method == "GET" && !may({"read"})) return failure(403);
    if (method == "DELETE" && !may({"delete", "update"})) return failure(403);
    if (changes && !may({"update"})) return failure(403);
    auto const* z = account_.find(r.zone_name);
    auto const id = number_in<std::int64_t>(r.id);
    auto const* held = z == nullptr || !id ? nullptr : z->records.find(*id);
    if (held == nullptr) return failure(404);
    if (method == "GET") return record_answer(200, held->record);
    if (changes) return change_record(r, *z, *id);
    account_.remove_record(r.zone_name, *id, r.at());
    return {204, {}, {}};
}

api_response api::list_domains(route const& r) const {
    auto const zones = account_.zones();
    return listing("domains", zones.size(), r.target, base_url_, [&](std::size_t i) {
        return domain_json(*zones[i], zone_file(account_, *zones[i]));
    });
}

api_response api::create_domain(route const& r) {
    auto const body = object_in(r.request.body);
    if (!body) return failure(400);
    auto const text = digitalocean::required_string(*body, "name");
    if (!text || text->empty()) return failure(422, "Name can't be blank");
    auto const name = dns::name::parse(*text);
    if (!name || name->label_count() < 2) return failure(422, "Name is invalid");
    if (account_.find(*name) != nullptr) return failure(422, "name already exists");
    if (account_.is_full()) return failure(422, "domain limit reached");
    auto const address = digitalocean::optional_string(*body, "ip_address");
    if (!address || !is_possible(*address, *name)) return failure(422, "ip_address is invalid");
    auto const& z = account_.create(*name, *address, r.at());
    return json_answer(201, {{"domain", domain_json(z, std::nullopt)}});
}

api_response api::list_records(route const& r) const {
    auto const* z = account_.find(r.zone_name);
    if (z == nullptr) return failure(404);
    auto const records = records_asked_for(*z, r.target);
    return listing("domain_records", records.size(), r.target, base_url_, [&](std::size_t i) {
        return digitalocean::to_json(records[i]->record);
    });
}

api_response api::create_record(route const& r) {
    auto const* z = account_.find(r.zone_name);
    if (z == nullptr) return failure(404);
    auto const body = object_in(r.request.body);
    if (!body) return failure(400);
    if (account_.is_full()) return failure(422, "record limit reached");
    auto const record = new_record(*body, *z);
    if (!record) return failure(422, record.error().message);
    return record_answer(201, account_.add(r.zone_name, *record, r.at()));
}

api_response api::change_record(route const& r, zone const& z, std::int64_t id) {
    auto const body = object_in(r.request.body);
    if (!body) return failure(400);
    if (account_.is_full()) return failure(422, "record limit reached");
    auto const record = changed_record(z.records.find(id)->record, *body, z);
    if (!record) return failure(422, record.error().message);
    return record_answer(200, account_.replace(r.zone_name, id, *record, r.at()));
}

} // namespace acme_dns01::sandbox
