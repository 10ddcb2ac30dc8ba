#include "persist/time.hpp"

#include "base/text.hpp"
#include "base/time.hpp"

#include <optional>
#include <utility>

namespace acme_dns01::persist {

namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t days_max = 36'500;

constexpr auto time_hint =
    "give a time such as 2027-06-30T12:00:00Z, a date such as 2027-06-30, or a "
    "number of days such as 90d";

std::optional<std::int64_t> days_in(std::string_view text, std::int64_t now) {
    if (!text.ends_with('d')) return std::nullopt;
    auto const days = number_in<std::int64_t>(text.substr(0, text.size() - 1));
    if (!days || *days < 0 || *days > days_max) return std::nullopt;
    return now + *days * day;
}

error bad_time(std::string_view text, std::string const& why, std::string help) {
    return {
        .kind = error_kind::usage,
        .message = in_quotes(text, 40) + " " + why,
        .hint = std::move(help),
    };
}

std::optional<std::int64_t> moment_in(std::string_view text) {
    auto found = parse_date(text);
    if (!found) found = parse_rfc3339(text);
    if (!found) return std::nullopt;
    return found->time_since_epoch().count();
}

} // namespace

result<std::int64_t> parse_until(std::string_view text, std::int64_t now) {
    auto found = moment_in(text);
    if (!found) found = days_in(text, now);
    if (!found) return bad_time(text, "is not a time", time_hint);
    if (*found > now) return *found;
    return bad_time(text, "is in the past", "give a time that is still to come");
}

} // namespace acme_dns01::persist
