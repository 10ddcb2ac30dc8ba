#include "digitalocean/answers.hpp"

#include "base/text.hpp"

#include <boost/algorithm/string/replace.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/parse.hpp>
#include <boost/mp11/algorithm.hpp>

#include <string_view>
#include <type_traits>
#include <utility>

namespace acme_dns01::digitalocean {

namespace json = boost::json;

namespace {

// The API itself nests five levels deep.
constexpr std::size_t depth_max = 16;

error wrong_type(std::string_view key, std::string_view wanted) {
    return bad_answer("key '" + std::string(key) + "' is not " + std::string(wanted));
}

template <class Object>
auto* find(Object& o, std::string_view key) {
    return o.if_contains(json::string_view(key.data(), key.size()));
}

result<std::int64_t> total_of(json::object const& answer) {
    auto const* meta = find(answer, "meta");
    if (meta == nullptr) return missing("meta");
    auto const object = as_object(*meta, "meta");
    if (!object) return object.error();
    return required_integer(*object, "total");
}

bool has_next(json::value const& answer) {
    boost::system::error_code ec;
    auto const* next = answer.find_pointer("/links/pages/next", ec);
    return next != nullptr && next->is_string();
}

template <class T, class Read>
result<page<T>> page_in(json::value& answer, std::string_view key, Read read) {
    if (!answer.is_object()) return as_object(answer, "the answer").error();
    auto* list = find(answer.get_object(), key);
    if (list == nullptr) return missing(key);
    if (!list->is_array()) return wrong_type(key, "a list");
    auto const total = total_of(answer.get_object());
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
    auto const* value = find(*object, key);
    if (value == nullptr) return missing(key);
    return read(*value);
}

error meaning_of(unsigned status, std::string const& scope) {
    using enum error_kind;
    constexpr auto new_token =
        "create a token at https://cloud.digitalocean.com/account/api/tokens and use it instead";
    constexpr auto fewer_clients = "try again later, or let fewer clients share the token";
    if (status == 401) return {unauthorized, "DigitalOcean does not accept the token", new_token};
    auto const needed = "the token needs the scope " + scope;
    if (status == 403) return {unauthorized, "the token is not allowed to do this", needed};
    if (status == 404) return {not_found, "not found at DigitalOcean", ""};
    if (status == 429) return {rate_limited, "DigitalOcean's rate limit is used up", fewer_clients};
    if (status >= 500 || status == 408)
        return {server_error, "DigitalOcean reported a server error", "try again later"};
    if (status >= 400) return {rejected, "DigitalOcean refused the request", ""};
    // A redirection would come again, and the token must not follow it to another host.
    auto const kind = status >= 300 ? rejected : bad_answer;
    return {kind, "DigitalOcean gave an unexpected answer", check_api_url};
}

// The meaning of what is no JSON: nothing that the API says about token, scope, zone or record.
error meaning_of_page(unsigned status) {
    if (status == 404) return bad_answer("it is not JSON");
    if (status != 401 && status != 403) return meaning_of(status, "");
    return {
        .kind = error_kind::unreachable,
        .message = "something between this host and DigitalOcean's API refused the request",
        .hint = "check the proxy and the firewall, and whether DigitalOcean blocks this host's "
                "address",
    };
}

// The text at the key, without the token.
std::string text_at(json::object const& o, std::string_view key, std::string_view token) {
    auto const value = optional_string(o, key);
    auto const text = value ? value->value_or("") : std::string();
    return token.empty() ? text : boost::algorithm::replace_all_copy(text, token, "<token>");
}

template <class T>
result<T> required(result<std::optional<T>> found, std::string_view key) {
    if (!found) return found.error();
    if (!found->has_value()) return missing(key);
    return std::move(**found);
}

template <class T>
result<T> value_at(json::object const& o, std::string_view key) {
    if constexpr (std::is_same_v<T, std::string>) return required_string(o, key);
    if constexpr (std::is_same_v<T, std::int64_t>) return required_integer(o, key);
    if constexpr (std::is_same_v<T, std::optional<std::string>>) return optional_string(o, key);
    if constexpr (std::is_same_v<T, std::optional<std::int64_t>>) return optional_integer(o, key);
}

// Every member from the key of its name, in the order of their declaration.
template <class T>
result<T> members_in(json::object const& o) {
    T whole;
    result<void> outcome;
    using members = boost::describe::describe_members<T, boost::describe::mod_public>;
    boost::mp11::mp_for_each<members>([&](auto m) {
        if (!outcome) return;
        auto& member = whole.*m.pointer;
        auto value = value_at<std::remove_reference_t<decltype(member)>>(o, m.name);
        if (!value) outcome = value.error();
        if (value) member = std::move(*value);
    });
    if (!outcome) return outcome.error();
    return whole;
}

} // namespace

error bad_answer(std::string_view why) {
    return {
        .kind = error_kind::bad_answer,
        .message = "unexpected answer from DigitalOcean: " + std::string(why),
        .hint = check_api_url,
    };
}

error missing(std::string_view key) {
    return bad_answer("key '" + std::string(key) + "' is missing");
}

result<json::value> parse_json(std::string_view text) {
    boost::system::error_code ec;
    json::parse_options options;
    options.max_depth = depth_max;
    auto value = json::parse(json::string_view(text.data(), text.size()), ec, {}, options);
    if (ec) return bad_answer("it is not JSON (" + ec.message() + ")");
    return value;
}

result<json::object> as_object(json::value const& value, std::string_view what) {
    if (!value.is_object()) return wrong_type(what, "an object");
    return value.get_object();
}

result<std::optional<std::string>> optional_string(json::object const& o, std::string_view key) {
    auto const* value = find(o, key);
    if (value == nullptr || value->is_null()) return std::optional<std::string>();
    if (!value->is_string()) return wrong_type(key, "a string");
    return std::optional<std::string>(std::string(value->get_string()));
}

result<std::optional<std::int64_t>> optional_integer(json::object const& o, std::string_view key) {
    auto const* value = find(o, key);
    if (value == nullptr || value->is_null()) return std::optional<std::int64_t>();
    if (!value->is_int64()) return wrong_type(key, "an integer");
    return std::optional<std::int64_t>(value->get_int64());
}

result<std::string> required_string(json::object const& o, std::string_view key) {
    return required(optional_string(o, key), key);
}

result<std::int64_t> required_integer(json::object const& o, std::string_view key) {
    return required(optional_integer(o, key), key);
}

result<record> record_from_json(json::value const& value) {
    auto object = as_object(value, "domain_record");
    if (!object) return object.error();
    auto& data = (*object)["data"];
    if (data.is_null()) data = "";
    auto read = members_in<record>(*object);
    if (read && read->id <= 0) return bad_answer("key 'id' is not above 0");
    return read;
}

result<domain> domain_from_json(json::value const& value) {
    auto const object = as_object(value, "domain");
    if (!object) return object.error();
    return members_in<domain>(*object);
}

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
    auto const body = parse_json(answer.body);
    auto const is_api = answer.body.empty() || (body && body->is_object());
    auto meaning =
        is_api ? meaning_of(answer.status, std::string(scope)) : meaning_of_page(answer.status);
    auto failure = in_context(doing, std::move(meaning));
    failure.message += " (" + std::to_string(answer.status) + ")";
    failure.code = static_cast<int>(answer.status);
    if (!body || !body->is_object()) return failure;
    constexpr std::size_t request_id_max = 64;
    failure.server_said = text_at(body->get_object(), "message", token);
    auto const request_id = text_at(body->get_object(), "request_id", token);
    failure.request_id = printable(request_id, request_id_max);
    return failure;
}

} // namespace acme_dns01::digitalocean
