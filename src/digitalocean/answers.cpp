#include "digitalocean/answers.hpp"

#include "digitalocean/json.hpp"

#include <string_view>
#include <utility>

namespace acme_dns01::digitalocean {

namespace json = boost::json;

namespace {

json::value* find(json::value& answer, std::string_view key) {
    return answer.get_object().if_contains(json::string_view(key.data(), key.size()));
}

result<std::int64_t> total_of(json::value& answer) {
    auto const* meta = find(answer, "meta");
    if (meta == nullptr) return missing("meta");
    auto const object = as_object(*meta, "meta");
    if (!object) return object.error();
    return required_integer(*object, "total");
}

bool has_next(json::value& answer) {
    auto* links = find(answer, "links");
    if (links == nullptr || !links->is_object()) return false;
    auto* pages = find(*links, "pages");
    if (pages == nullptr || !pages->is_object()) return false;
    auto const* next = find(*pages, "next");
    return next != nullptr && next->is_string();
}

template <class T, class Read>
result<page<T>> page_in(json::value& answer, std::string_view key, Read read) {
    if (!answer.is_object()) return as_object(answer, "the answer").error();
    auto* list = find(answer, key);
    if (list == nullptr) return missing(key);
    if (!list->is_array()) return bad_answer("key '" + std::string(key) + "' is not a list");
    auto const total = total_of(answer);
    if (!total) return total.error();
    page<T> found{{}, *total, !has_next(answer)};
    for (auto& entry : list->get_array()) {
        auto const taken = std::exchange(entry, nullptr);
        auto item = read(taken);
        if (!item) return item.error();
        found.items.push_back(std::move(*item));
    }
    return found;
}

template <class Read>
auto one_in(json::value const& answer, std::string_view key, Read read) -> decltype(read(answer)) {
    auto const object = as_object(answer, "the answer");
    if (!object) return object.error();
    auto const* value = object->if_contains(json::string_view(key.data(), key.size()));
    if (value == nullptr) return missing(key);
    return read(*value);
}

} // namespace

result<page<domain>> domains_in(json::value answer) {
    return page_in<domain>(answer, "domains", domain_from_json);
}

result<domain> domain_in(json::value const& answer) {
    return one_in(answer, "domain", domain_from_json);
}

result<page<record>> records_in(json::value answer) {
    return page_in<record>(answer, "domain_records", record_from_json);
}

result<record> record_in(json::value const& answer) {
    return one_in(answer, "domain_record", record_from_json);
}

} // namespace acme_dns01::digitalocean
