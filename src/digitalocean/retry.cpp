#include "digitalocean/retry.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::digitalocean {

namespace {

constexpr clock::duration first_pause = std::chrono::milliseconds(500);
// Not enough time for another exchange.
constexpr clock::duration too_late = std::chrono::milliseconds(50);

what_next step_without_limits(attempt const& a) {
    if (!a.failure) return what_next::finish;
    auto const nothing_was_done =
        a.failure == error_kind::unreachable || a.failure == error_kind::rate_limited;
    if (nothing_was_done) return what_next::repeat;
    if (!is_ambiguous(*a.failure)) return what_next::finish;
    if (a.method == "POST") return what_next::look_up;
    auto const would_come_again = a.failure == error_kind::too_large || a.method == "PATCH";
    return would_come_again ? what_next::finish : what_next::repeat;
}

std::optional<clock::duration> demanded_pause(attempt const& a) {
    if (a.failure != error_kind::rate_limited) return std::nullopt;
    if (a.rate.retry_after) return *a.rate.retry_after + to_duration(seconds(a.chance));
    if (!a.rate.reset || a.rate.remaining.value_or(0) > 0) return std::nullopt;
    return std::chrono::duration_cast<clock::duration>(*a.rate.reset - a.now) +
           to_duration(seconds(a.chance));
}

bool attempts_are_used_up(attempt const& a) {
    if (a.failure == error_kind::unreachable) return a.number >= unreachable_max;
    return a.number >= (a.failure == error_kind::bad_answer ? unreadable_max : attempts_max);
}

std::optional<std::int64_t>
number_at(std::map<std::string, std::string> const& headers, std::string const& name) {
    auto const found = headers.find(name);
    if (found == headers.end()) return std::nullopt;
    auto const number = number_in<std::int64_t>(found->second);
    return number && *number >= 0 ? number : std::nullopt;
}

} // namespace

rate_info rate_in(std::map<std::string, std::string> const& headers, wall_clock::time_point now) {
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    constexpr auto longest = duration_cast<seconds>(published_windows.back().length).count();
    rate_info found;
    found.remaining = number_at(headers, "ratelimit-remaining");
    found.limit = number_at(headers, "ratelimit-limit");
    auto const retry_after = number_at(headers, "retry-after");
    if (retry_after && *retry_after <= longest) found.retry_after = seconds(*retry_after);
    auto const reset = number_at(headers, "ratelimit-reset");
    auto const since_epoch = duration_cast<seconds>(now.time_since_epoch());
    auto const ahead = reset.value_or(0) - since_epoch.count();
    if (ahead > 0 && ahead <= longest) found.reset = wall_clock::time_point(seconds(*reset));
    return found;
}

bool is_ambiguous(error_kind kind) {
    return kind == error_kind::no_answer || kind == error_kind::too_slow ||
           kind == error_kind::server_error || kind == error_kind::bad_answer ||
           kind == error_kind::too_large;
}

clock::duration backoff(unsigned number, double chance) {
    constexpr unsigned doublings_max = 6;
    auto const whole = first_pause * (1U << std::min(number - 1, doublings_max));
    return to_duration(seconds(std::min(whole, pause_max)) * (1 + chance) / 2);
}

next_step after(attempt const& a) {
    auto const wanted = step_without_limits(a);
    if (wanted == what_next::finish) return {};
    if (auto const pause = demanded_pause(a)) {
        auto const in_time = *pause + too_late <= a.left && !attempts_are_used_up(a);
        return {in_time ? wanted : what_next::give_up, *pause, true};
    }
    auto const pause = backoff(a.number, a.chance);
    auto const is_over = a.left < 2 * too_late || attempts_are_used_up(a);
    if (is_over) return {what_next::give_up, pause, false};
    return {wanted, std::min(pause, a.left / 2), false};
}

} // namespace acme_dns01::digitalocean
