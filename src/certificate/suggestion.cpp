#include "certificate/suggestion.hpp"

#include "base/text.hpp"
#include "base/time.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace acme_dns01::certificate {

namespace json = boost::json;

namespace {

constexpr auto lets_encrypt = "https://acme-v02.api.letsencrypt.org/directory";
constexpr auto lets_encrypt_staging = "https://acme-staging-v02.api.letsencrypt.org/directory";

error bad_answer(std::string why) {
    return {.kind = error_kind::bad_answer, .message = std::move(why)};
}

std::string text_at(json::value const& object, std::string_view pointer) {
    boost::system::error_code ec;
    auto const* const found = object.find_pointer(pointer, ec);
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
}

// By dehydrated's words for them.
constexpr std::pair<std::string_view, std::string_view> known[]{
    {"letsencrypt", lets_encrypt},
    {"letsencrypt-test", lets_encrypt_staging},
    {"zerossl", "https://acme.zerossl.com/v2/DV90"},
    {"buypass", "https://api.buypass.com/acme/directory"},
};

std::string directory_called(std::string_view word) {
    // lego's word
    if (word == "letsencrypt-staging") return lets_encrypt_staging;
    for (auto const& [name, url] : known) {
        if (name == word) return std::string(url);
    }
    return std::string(word);
}

} // namespace

std::string directory_of(lineage const& l, leaf const& of) {
    if (!l.directory.empty()) return directory_called(l.directory);
    if (of.issuing_organisation == "(STAGING) Let's Encrypt") return lets_encrypt_staging;
    return of.issuing_organisation == "Let's Encrypt" ? lets_encrypt : "";
}

std::string origin_of(std::string_view url) {
    constexpr std::string_view behind_scheme = "://";
    auto const host = url.find(behind_scheme);
    if (host == url.npos) return {};
    return lower(url.substr(0, url.find('/', host + behind_scheme.size())));
}

std::string known_directory_at(std::string_view origin) {
    for (auto const& [name, url] : known) {
        if (origin_of(url) == origin) return std::string(url);
    }
    return {};
}

result<std::string> suggestions_in(std::string_view directory) {
    boost::system::error_code ec;
    auto const parsed = json::parse(directory, ec);
    if (ec || text_at(parsed, "/newOrder").empty()) return bad_answer("is no ACME directory");
    auto url = text_at(parsed, "/renewalInfo");
    if (!url.empty()) return url;
    return error{.kind = error_kind::not_found, .message = "makes no suggestions (RFC 9773)"};
}

result<window> window_in(std::string_view answer) {
    boost::system::error_code ec;
    auto const parsed = json::parse(answer, ec);
    auto const start = parse_rfc3339(text_at(parsed, "/suggestedWindow/start"));
    auto const end = parse_rfc3339(text_at(parsed, "/suggestedWindow/end"));
    if (ec || !start || !end || *end <= *start) return bad_answer("names no window of time");
    return window{*start, *end, text_at(parsed, "/explanationURL")};
}

} // namespace acme_dns01::certificate
