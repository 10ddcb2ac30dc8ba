#include "caa/directory.hpp"

#include <boost/json/parse.hpp>

namespace acme_dns01::caa {

namespace json = boost::json;

namespace {

error no_directory() {
    return {.kind = error_kind::bad_answer, .message = "sent what is no ACME directory"};
}

// Nothing where a key is not there; what is no object has no keys.
json::value const* member(json::value const& value, json::string_view key) {
    auto const* const object = value.if_object();
    return object == nullptr ? nullptr : object->if_contains(key);
}

} // namespace

result<std::vector<std::string>> identities_in(std::string_view directory) {
    json::error_code ec;
    auto const whole = json::parse({directory.data(), directory.size()}, ec);
    if (ec || member(whole, "newOrder") == nullptr) return no_directory();
    auto const* const meta = member(whole, "meta");
    auto const* const named = meta == nullptr ? nullptr : member(*meta, "caaIdentities");
    if (named == nullptr) return std::vector<std::string>();
    auto const* const list = named->if_array();
    if (list == nullptr || list->size() > identities_max) return no_directory();
    std::vector<std::string> identities;
    for (auto const& entry : *list) {
        if (!entry.is_string()) return no_directory();
        identities.emplace_back(entry.get_string());
    }
    return identities;
}

} // namespace acme_dns01::caa
