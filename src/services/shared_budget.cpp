#include "services/shared_budget.hpp"

#include <array>
#include <utility>

namespace acme_dns01::services {

using digitalocean::published_windows;
using digitalocean::wall_clock;

namespace {

constexpr std::array windows{
    journal::window{published_windows[0].length, published_windows[0].most},
    journal::window{published_windows[1].length, published_windows[1].most},
};
static_assert(windows.size() == published_windows.size());

} // namespace

std::optional<wall_clock::time_point> shared_budget::take() {
    if (has_failed_) return std::nullopt;
    auto const taken = counts_.take(account_, windows);
    if (taken) return *taken;
    warn(taken.error());
    return std::nullopt;
}

void shared_budget::close_until(wall_clock::time_point moment) {
    auto const closed = counts_.close_until(account_, moment);
    if (!closed) warn(closed.error());
}

void shared_budget::warn(error const& failure) {
    if (!std::exchange(has_failed_, true)) log_.warning(failure.text());
}

} // namespace acme_dns01::services
