#include "digitalocean/rate.hpp"

#include "base/text.hpp"

#include <string_view>

namespace acme_dns01::digitalocean {

namespace {

std::optional<std::int64_t>
number_at(std::map<std::string, std::string> const& headers, std::string const& name) {
    auto const found = headers.find(name);
    if (found == headers.end()) return std::nullopt;
    auto const number = number_in<std::int64_t>(found->second);
    return number && *number >= 0 ? number : std::nullopt;
}

} // namespace

rate_told told_by(std::map<std::string, std::string> const& headers, wall_clock::time_point now) {
    constexpr auto longest = published_windows.back().length;
    rate_told told;
    told.remaining = number_at(headers, "ratelimit-remaining");
    auto const retry_after = number_at(headers, "retry-after");
    if (retry_after && *retry_after <= longest.count()) {
        told.retry_after = std::chrono::seconds(*retry_after);
    }
    auto const reset = number_at(headers, "ratelimit-reset");
    auto const since_epoch =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
    auto const ahead = reset.value_or(0) - since_epoch.count();
    if (ahead > 0 && ahead <= longest.count()) {
        told.reset = wall_clock::time_point(std::chrono::seconds(*reset));
    }
    return told;
}

} // namespace acme_dns01::digitalocean
