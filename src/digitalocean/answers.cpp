#include "digitalocean/answers.hpp"

#include "base/text.hpp"
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

error meaning_of(unsigned status, std::string_view scope) {
    using enum error_kind;
    if (status == 401) {
        return {
            .kind = unauthorized,
            .message = "DigitalOcean does not accept the token",
            .hint = "create a token at https://cloud.digitalocean.com/account/api/tokens and use "
                    "it instead",
        };
    }
    if (status == 403) {
        return {
            .kind = unauthorized,
            .message = "the token is not allowed to do this",
            .hint = "the token needs the scope " + std::string(scope),
        };
    }
    if (status == 404) return {.kind = not_found, .message = "not found at DigitalOcean"};
    if (status == 429) {
        return {
            .kind = rate_limited,
            .message = "DigitalOcean's rate limit is used up",
            .hint = "try again later, or let fewer clients share the token",
        };
    }
    if (status >= 500 || status == 408) {
        return {
            .kind = server_error,
            .message = "DigitalOcean reported a server error",
            .hint = "try again later",
        };
    }
    if (status >= 400) return {.kind = rejected, .message = "DigitalOcean refused the request"};
    return {
        // A redirection would come again, and the token must not follow it to another host.
        .kind = status >= 300 ? rejected : bad_answer,
        .message = "DigitalOcean gave an unexpected answer",
        .hint = check_api_url,
    };
}

std::string without(std::string text, std::string_view token) {
    constexpr std::string_view replacement = "<token>";
    if (token.empty()) return text;
    for (auto at = text.find(token); at != std::string::npos; at = text.find(token, at)) {
        text.replace(at, token.size(), replacement);
        at += replacement.size();
    }
    return text;
}

std::string text_at(boost::json::object const& o, std::string_view key) {
    auto const value = optional_string(o, key);
    return value ? value->value_or("") : std::string();
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

error failure_of(
    net::response const& answer,
    std::string_view doing,
    std::string_view scope,
    std::string_view token
) {
    auto failure = in_context(doing, meaning_of(answer.status, scope));
    failure.message += " (" + std::to_string(answer.status) + ")";
    auto const body = parse_json(answer.body);
    if (!body || !body->is_object()) return failure;
    constexpr std::size_t request_id_max = 64;
    failure.server_said = without(text_at(body->get_object(), "message"), token);
    auto const request_id = without(text_at(body->get_object(), "request_id"), token);
    failure.request_id = printable(request_id, request_id_max);
    return failure;
}

} // namespace acme_dns01::digitalocean
