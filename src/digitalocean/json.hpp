#pragma once

#include "base/error.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::digitalocean {

// Reads JSON objects key by key. Every failure is error_kind::bad_answer and names the key.

result<boost::json::value> parse_json(std::string_view text);
result<boost::json::object> as_object(boost::json::value const& value, std::string_view what);

result<std::string> required_string(boost::json::object const& o, std::string_view key);
result<std::int64_t> required_integer(boost::json::object const& o, std::string_view key);

// Empty if the key is absent or null.
result<std::optional<std::string>>
optional_string(boost::json::object const& o, std::string_view key);
result<std::optional<std::int64_t>>
optional_integer(boost::json::object const& o, std::string_view key);

// The hint for an answer that no DigitalOcean would give.
constexpr auto check_api_url = "check --api-url: is that DigitalOcean's API?";

error bad_answer(std::string_view why);
error missing(std::string_view key);

} // namespace acme_dns01::digitalocean
