#include "cli/output/json_text.hpp"

#include "base/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>
#include <string_view>

namespace acme_dns01::cli {

namespace json = boost::json;

namespace {

std::string number_text(double number) {
    std::array<char, 400> text{}; // the longest double without an exponent has 309 digits
    auto const end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    return std::string(text.data(), end.ptr);
}

std::string string_text(std::string_view string) {
    auto text = json::serialize(json::value(string));
    boost::system::error_code ec;
    json::parse(text, ec);
    return ec ? string_text(printable(string, string.size())) : text;
}

std::string object_text(json::object const& object) {
    std::string text;
    for (auto const& [key, value] : object) {
        text += (text.empty() ? "" : ",") + string_text(key) + ":" + json_text(value);
    }
    return "{" + text + "}";
}

std::string array_text(json::array const& array) {
    std::string text;
    for (auto const& value : array)
        text += (text.empty() ? "" : ",") + json_text(value);
    return "[" + text + "]";
}

} // namespace

std::string json_text(json::value const& value) {
    if (value.is_object()) return object_text(value.get_object());
    if (value.is_array()) return array_text(value.get_array());
    if (value.is_string()) return string_text(value.get_string());
    if (value.is_double()) return number_text(value.get_double());
    return json::serialize(value);
}

} // namespace acme_dns01::cli
