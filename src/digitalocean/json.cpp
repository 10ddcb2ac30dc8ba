#include "digitalocean/json.hpp"

#include <boost/json/parse.hpp>

namespace acme_dns01::digitalocean {

namespace json = boost::json;

namespace {

// The API itself nests five levels deep.
constexpr std::size_t depth_max = 16;

error wrong_type(std::string_view key, std::string_view wanted) {
    return bad_answer("key '" + std::string(key) + "' is not " + std::string(wanted));
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
    auto const* value = o.if_contains(json::string_view(key.data(), key.size()));
    if (value == nullptr || value->is_null()) return std::optional<std::string>();
    if (!value->is_string()) return wrong_type(key, "a string");
    return std::optional<std::string>(std::string(value->get_string()));
}

result<std::optional<std::int64_t>> optional_integer(json::object const& o, std::string_view key) {
    auto const* value = o.if_contains(json::string_view(key.data(), key.size()));
    if (value == nullptr || value->is_null()) return std::optional<std::int64_t>();
    if (!value->is_int64()) return wrong_type(key, "an integer");
    return std::optional<std::int64_t>(value->get_int64());
}

result<std::string> required_string(json::object const& o, std::string_view key) {
    auto value = optional_string(o, key);
    if (!value) return value.error();
    if (!value->has_value()) return missing(key);
    return std::move(**value);
}

result<std::int64_t> required_integer(json::object const& o, std::string_view key) {
    auto const value = optional_integer(o, key);
    if (!value) return value.error();
    if (!value->has_value()) return missing(key);
    return **value;
}

} // namespace acme_dns01::digitalocean
