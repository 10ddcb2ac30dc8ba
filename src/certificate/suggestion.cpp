#include "certificate/suggestion.hpp"

#include "base/text.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace acme_dns01::certificate {

namespace json = boost::json;
namespace chrono = std::chrono;

namespace {

constexpr auto lets_encrypt = "https://acme-v02.api.letsencrypt.org/directory";

error bad_answer(std::string why) {
    return {.kind = error_kind::bad_answer, .message = std::move(why)};
}

std::string text_at(json::value const& object, std::string_view pointer) {
    boost::system::error_code ec;
    auto const* const found = object.find_pointer(pointer, ec);
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
}

// dehydrated's words for some CAs.
std::string directory_called(std::string_view word) {
    static constexpr std::pair<std::string_view, std::string_view> known[]{
        {"letsencrypt", lets_encrypt},
        {"letsencrypt-test", "https://acme-staging-v02.api.letsencrypt.org/directory"},
        {"zerossl", "https://acme.zerossl.com/v2/DV90"},
        {"buypass", "https://api.buypass.com/acme/directory"},
    };
    for (auto const& [name, url] : known) {
        if (name == word) return std::string(url);
    }
    return std::string(word);
}

// "dd" at a place; nothing for anything else.
std::optional<unsigned> digits_at(std::string_view text, std::size_t at, std::size_t count) {
    return at + count > text.size() ? std::nullopt : number_in<unsigned>(text.substr(at, count));
}

// Of "Z" or "+01:30".
std::optional<chrono::minutes> offset_in(std::string_view text) {
    if (text == "Z" || text == "z") return chrono::minutes(0);
    auto const hours = digits_at(text, 1, 2);
    auto const minutes = digits_at(text, 4, 2);
    if (text.size() != 6 || !hours || !minutes || text[3] != ':') return std::nullopt;
    if (text[0] != '+' && text[0] != '-') return std::nullopt;
    auto const length = chrono::hours(*hours) + chrono::minutes(*minutes);
    return text[0] == '-' ? -length : length;
}

} // namespace

std::string directory_of(lineage const& l, leaf const& of) {
    if (!l.directory.empty()) return directory_called(l.directory);
    return of.issuing_organisation == "Let's Encrypt" ? lets_encrypt : "";
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
    auto const start = moment_in(text_at(parsed, "/suggestedWindow/start"));
    auto const end = moment_in(text_at(parsed, "/suggestedWindow/end"));
    if (ec || !start || !end || *end <= *start) return bad_answer("names no window of time");
    return window{*start, *end, text_at(parsed, "/explanationURL")};
}

std::optional<moment> moment_in(std::string_view text) {
    constexpr std::string_view form = "0000-00-00T00:00:00";
    if (text.size() <= form.size()) return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i) {
        auto const is_digit = text[i] >= '0' && text[i] <= '9';
        auto const fits =
            form[i] == '0' ? is_digit : lower(text.substr(i, 1)) == lower(form.substr(i, 1));
        if (!fits) return std::nullopt;
    }
    auto const part = [&](std::size_t at, std::size_t count) {
        return *digits_at(text, at, count);
    };
    chrono::year_month_day const day{
        chrono::year(static_cast<int>(part(0, 4))),
        chrono::month(part(5, 2)),
        chrono::day(part(8, 2))};
    auto rest = text.substr(form.size());
    if (rest.starts_with('.'))
        rest = rest.substr(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    auto const offset = offset_in(rest);
    if (!day.ok() || part(11, 2) > 23 || part(14, 2) > 59 || part(17, 2) > 60 || !offset)
        return std::nullopt;
    return chrono::sys_days(day) + chrono::hours(part(11, 2)) + chrono::minutes(part(14, 2)) +
           chrono::seconds(part(17, 2)) - *offset;
}

} // namespace acme_dns01::certificate
