#include "sandbox/rate_limit.hpp"

#include <algorithm>

namespace acme_dns01::sandbox {

namespace {

constexpr request_limits published_limits{};
// Without a limit nothing needs to be remembered for long.
constexpr std::size_t remembered_max = 100'000;

} // namespace

moment moment::now() {
    auto const since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {clock::now(), std::chrono::duration_cast<std::chrono::seconds>(since_epoch)};
}

std::size_t rate_limit::in_the_last_minute(clock::time_point at) const {
    auto const first = std::ranges::upper_bound(made_, at - std::chrono::minutes(1));
    return static_cast<std::size_t>(made_.end() - first);
}

rate_state rate_limit::peek(moment at) {
    while (!made_.empty() && made_.front() <= at.time - std::chrono::hours(1))
        made_.pop_front();
    rate_state state;
    state.limit = limits_.per_hour == 0 ? published_limits.per_hour : limits_.per_hour;
    state.remaining = limits_.per_hour == 0 ? state.limit : state.limit - made_.size();
    state.reset = at.unix_time;
    if (made_.empty()) return state;
    state.reset +=
        std::chrono::ceil<std::chrono::seconds>(made_.front() + std::chrono::hours(1) - at.time);
    if (limits_.per_hour != 0 && made_.size() >= limits_.per_hour) state.allowed = false;
    auto const burst = in_the_last_minute(at.time);
    if (limits_.per_minute == 0 || burst < limits_.per_minute) return state;
    auto const oldest = made_[made_.size() - limits_.per_minute];
    state.allowed = false;
    state.remaining = 0;
    state.retry_after =
        std::chrono::ceil<std::chrono::seconds>(oldest + std::chrono::minutes(1) - at.time);
    return state;
}

void rate_limit::age(clock::duration by) {
    for (auto& made : made_)
        made -= by;
}

rate_state rate_limit::take(moment at) {
    auto state = peek(at);
    if (!state.allowed) return state;
    made_.push_back(at.time);
    if (made_.size() > remembered_max) made_.pop_front();
    // The state after this request, which itself is allowed even if it was the last one.
    state = peek(at);
    state.allowed = true;
    state.retry_after = std::chrono::seconds(0);
    return state;
}

} // namespace acme_dns01::sandbox
