#include "digitalocean/failure.hpp"

#include "base/text.hpp"
#include "digitalocean/json.hpp"

namespace acme_dns01::digitalocean {

namespace {

error_kind kind_of(unsigned status) {
    switch (status) {
    case 401:
    case 403:
        return error_kind::unauthorized;
    case 404:
        return error_kind::not_found;
    case 408:
        return error_kind::server_error;
    case 429:
        return error_kind::rate_limited;
    default:
        break;
    }
    if (status >= 500) return error_kind::server_error;
    // A redirection would come again, and the token does not follow it.
    if (status >= 300) return error_kind::rejected;
    return error_kind::bad_answer;
}

std::string verdict_on(unsigned status) {
    auto const number = " (" + std::to_string(status) + ")";
    switch (status) {
    case 401:
        return "DigitalOcean does not accept the token" + number;
    case 403:
        return "DigitalOcean does not let this token do that" + number;
    case 404:
        return "DigitalOcean does not know it" + number;
    case 429:
        return "DigitalOcean's rate limit is used up" + number;
    default:
        break;
    }
    if (status >= 500 || status == 408) return "DigitalOcean had a failure of its own" + number;
    if (status >= 400) return "DigitalOcean refused the request" + number;
    return "DigitalOcean gave an unexpected answer" + number;
}

std::string hint_for(unsigned status, std::string_view scope) {
    switch (status) {
    case 401:
        return "make a token at https://cloud.digitalocean.com/account/api/tokens and put it where "
               "this one came from";
    case 403:
        return "the token needs the scope " + std::string(scope);
    case 429:
        return "try again later, or let fewer clients share the token";
    default:
        break;
    }
    if (status >= 500 || status == 408) return "try again later";
    if (status < 400) return "check --api-url: is that DigitalOcean's API?";
    return {};
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

error failure_of(
    net::response const& answer,
    std::string_view doing,
    std::string_view scope,
    std::string_view token
) {
    error failure;
    failure.kind = kind_of(answer.status);
    failure.message = std::string(doing) + ": " + verdict_on(answer.status);
    failure.hint = hint_for(answer.status, scope);
    auto const body = parse_json(answer.body);
    if (!body || !body->is_object()) return failure;
    constexpr std::size_t request_id_max = 64;
    failure.server_said = without(text_at(body->get_object(), "message"), token);
    auto const request_id = without(text_at(body->get_object(), "request_id"), token);
    failure.request_id = printable(request_id, request_id_max);
    return failure;
}

} // namespace acme_dns01::digitalocean
