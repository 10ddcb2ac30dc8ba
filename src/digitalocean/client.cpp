#include "digitalocean/client.hpp"

#include "base/text.hpp"
#include "digitalocean/failure.hpp"
#include "digitalocean/json.hpp"

#include <boost/json/serialize.hpp>

namespace acme_dns01::digitalocean {

namespace json = boost::json;

namespace {

std::string domain_path(dns::name const& zone) { return "/v2/domains/" + zone.text(); }

std::string records_path(dns::name const& zone) { return domain_path(zone) + "/records"; }

std::string record_path(dns::name const& zone, std::int64_t id) {
    return records_path(zone) + "/" + std::to_string(id);
}

std::string record_label(dns::name const& zone, std::int64_t id) {
    return "record " + std::to_string(id) + " of zone " + zone.text();
}

std::string paging(unsigned number) {
    return "page=" + std::to_string(number) + "&per_page=" + std::to_string(client::per_page_max);
}

result<std::int64_t> total_of(json::object const& answer) {
    auto const* meta = answer.if_contains("meta");
    if (meta == nullptr) return bad_answer("key 'meta' is missing");
    auto const object = as_object(*meta, "meta");
    if (!object) return object.error();
    return required_integer(*object, "total");
}

// A server may repeat the request in what it says of it.
std::string without(std::string text, std::string_view token) {
    if (token.empty()) return text;
    for (auto at = text.find(token); at != std::string::npos; at = text.find(token, at)) {
        text.replace(at, token.size(), "<token>");
    }
    return text;
}

bool has_next(json::object const& answer) {
    auto const* links = answer.if_contains("links");
    if (links == nullptr || !links->is_object()) return false;
    auto const* pages = links->get_object().if_contains("pages");
    if (pages == nullptr || !pages->is_object()) return false;
    auto const* next = pages->get_object().if_contains("next");
    return next != nullptr && next->is_string();
}

template <class T, class Read>
result<page<T>> page_of(json::value const& answer, std::string_view key, Read read) {
    auto const object = as_object(answer, "the answer");
    if (!object) return object.error();
    auto const* list = object->if_contains(json::string_view(key.data(), key.size()));
    if (list == nullptr || !list->is_array()) {
        return bad_answer("key '" + std::string(key) + "' is no list");
    }
    auto const total = total_of(*object);
    if (!total) return total.error();
    page<T> result{{}, *total, !has_next(*object)};
    for (auto const& entry : list->get_array()) {
        auto item = read(entry);
        if (!item) return item.error();
        result.items.push_back(std::move(*item));
    }
    return result;
}

template <class T, class Read>
result<T> one_of(json::value const& answer, std::string_view key, Read read) {
    auto const object = as_object(answer, "the answer");
    if (!object) return object.error();
    auto const* value = object->if_contains(json::string_view(key.data(), key.size()));
    if (value == nullptr) return bad_answer("key '" + std::string(key) + "' is missing");
    return read(*value);
}

json::object to_json(new_txt const& wanted) {
    return {
        {"type", "TXT"},
        {"name", wanted.fqdn.relative_to(wanted.zone)},
        {"data", wanted.value},
        {"ttl", wanted.ttl},
    };
}

} // namespace

awaitable_result<json::value> client::perform(operation const& op) {
    auto answer = co_await https_.exchange(op.request, token_, limit_);
    if (!answer) co_return in_context(op.doing, answer.error());
    if (answer->status != op.expected) {
        auto failure = failure_of(*answer, op.doing, op.scope);
        failure.server_said = without(failure.server_said, token_.reveal());
        co_return failure;
    }
    if (answer->status == 204) co_return json::value();
    auto value = parse_json(answer->body);
    if (!value) co_return in_context(op.doing, value.error());
    co_return value;
}

awaitable_result<page<domain>> client::list_domains(unsigned number) {
    operation const op{
        {"GET", "/v2/domains?" + paging(number), ""}, 200, "listing the zones", "domain:read"};
    auto const answer = co_await perform(op);
    if (!answer) co_return answer.error();
    auto found = page_of<domain>(*answer, "domains", domain_from_json);
    if (!found) co_return in_context(op.doing, found.error());
    co_return found;
}

awaitable_result<std::optional<domain>> client::find_domain(dns::name const& zone) {
    operation const op{
        {"GET", domain_path(zone), ""}, 200, "looking for zone " + zone.text(), "domain:read"};
    auto const answer = co_await perform(op);
    if (!answer && answer.error().kind == error_kind::not_found) co_return std::optional<domain>();
    if (!answer) co_return answer.error();
    auto found = one_of<domain>(*answer, "domain", domain_from_json);
    if (!found) co_return in_context(op.doing, found.error());
    co_return std::optional<domain>(std::move(*found));
}

awaitable_result<record> client::create_txt(new_txt const& wanted) {
    auto const body = json::serialize(to_json(wanted));
    operation const op{
        {"POST", records_path(wanted.zone), body},
        201,
        "creating " + wanted.fqdn.text() + " in zone " + wanted.zone.text(),
        "domain:create",
    };
    auto const answer = co_await perform(op);
    if (!answer) co_return answer.error();
    auto created = one_of<record>(*answer, "domain_record", record_from_json);
    if (!created) co_return in_context(op.doing, created.error());
    co_return created;
}

awaitable_result<record> client::retrieve_record(dns::name const& zone, std::int64_t id) {
    operation const op{
        {"GET", record_path(zone, id), ""},
        200,
        "reading " + record_label(zone, id),
        "domain:read"};
    auto const answer = co_await perform(op);
    if (!answer) co_return answer.error();
    auto found = one_of<record>(*answer, "domain_record", record_from_json);
    if (!found) co_return in_context(op.doing, found.error());
    co_return found;
}

awaitable_result<std::vector<record>>
client::find_records(dns::name const& zone, dns::name const& fqdn, std::string_view type) {
    auto const filter = records_path(zone) + "?name=" + net::percent_encoded(fqdn.text()) +
                        "&type=" + std::string(type) + "&";
    auto const doing = "looking for " + std::string(type) + " records at " + fqdn.text();
    std::vector<record> records;
    for (unsigned number = 1; number <= pages_max; ++number) {
        operation const op{{"GET", filter + paging(number), ""}, 200, doing, "domain:read"};
        auto const answer = co_await perform(op);
        if (!answer) co_return answer.error();
        auto found = page_of<record>(*answer, "domain_records", record_from_json);
        if (!found) co_return in_context(doing, found.error());
        for (auto& item : found->items)
            records.push_back(std::move(item));
        if (found->is_last) co_return records;
    }
    co_return in_context(doing, bad_answer("the list does not end"));
}

awaitable_result<removal> client::delete_record(dns::name const& zone, std::int64_t id) {
    operation const op{
        {"DELETE", record_path(zone, id), ""},
        204,
        "removing " + record_label(zone, id),
        "domain:delete",
    };
    auto const answer = co_await perform(op);
    if (answer) co_return removal::removed;
    if (answer.error().kind == error_kind::not_found) co_return removal::already_gone;
    co_return answer.error();
}

} // namespace acme_dns01::digitalocean
