#pragma once

#include "base/clock.hpp"
#include "challenge/owner.hpp"
#include "journal/store.hpp"
#include "process/process.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace acme_dns01::challenge {

// No order of any CA takes longer: what is older is left behind even if its client still runs, as
// one that never ends does, and so is what was made by hand and is of no client's run.
inline constexpr std::chrono::hours order_limit{24};

struct sweep_limits {
    std::chrono::system_clock::time_point now;
    std::optional<seconds> older_than; // nothing younger goes
    std::function<bool(process_id const&)> is_alive = acme_dns01::is_alive;
    std::function<bool(journal::run const&)> is_client = is_client_itself;
};

// Which rows of the journal are left behind. Without older_than: those of runs that are over, those
// of which the request's outcome was never known, and what is older than order_limit. With it: what
// is that old, but nothing of a client that is alive and within order_limit.
std::vector<journal::entry>
rows_to_sweep(std::vector<journal::entry> const& rows, sweep_limits const& limits);

// Which rows a client that was run by `runner` has left behind: of those that were not there
// `before`, the ones that belong to the runner, and the ones whose own process has ended.
std::vector<journal::entry> rows_left_by(
    process_id const& runner,
    std::vector<journal::entry> const& before,
    std::vector<journal::entry> const& now,
    std::function<bool(process_id const&)> const& alive = acme_dns01::is_alive
);

} // namespace acme_dns01::challenge
