#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "journal/store.hpp"
#include "process/process.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::challenge {

// Whose run a record belongs to, and which records are left behind by runs that have ended. A
// client's hooks are processes of their own, so a run is known by the client's process; below
// `acme-dns01 run`, also by the process of `run`, the runner.

// The client's name in the journal for records of `present` by hand, whose process ends while they
// are in use, and of `present` below `run`: these belong to the runner, which outlives the client.
// A hook without a client above it (docker exec, an init that started it) counts as by hand.
inline constexpr auto by_hand = "present";
inline constexpr auto by_run = "run";

using runner_process = std::optional<process_id>;

// The run of a `present` on the command line.
journal::run run_of_present(runner_process const& runner);

// The run of the client that has called this hook. error_kind::usage if the client has ended: the
// CA does not need its records any more, and no cleanup would follow.
result<journal::run>
run_of_client(std::string const& client, std::string order, runner_process const& runner);

// True if the client is known to have ended, or is no longer an ancestor of this process. The
// runner counts if no client was found among the ancestors.
bool client_has_ended(journal::run const& owner, runner_process const& runner);

// True if the run's process, which is alive, has the client's name or is `run`, whose client may be
// a script of another name. Any other process that has called a hook may outlive its client.
bool is_client_itself(journal::run const& owner);

// The records of one order among all outstanding ones: the last hook of an order waits for these.
//
// A client calls its hooks one after the other, and `remaining` falls with each. So the order's
// records are the newest ones of its run, backwards for as long as `remaining` rises. Before that,
// an earlier order that failed half way has left its records behind.
std::vector<journal::entry>
records_of_order(std::vector<journal::entry> const& outstanding, journal::run const& owner);

// No order of any CA takes longer. Older records are left behind even if their client still runs,
// since some clients never end, and so are those that were made by hand.
inline constexpr std::chrono::hours order_limit{24};

struct sweep_limits {
    std::chrono::system_clock::time_point now;
    std::optional<seconds> older_than; // younger rows stay
    std::function<process_state(process_id const&)> state_of = acme_dns01::state_of;
    std::function<bool(journal::run const&)> is_client = is_client_itself;
};

// The rows of the journal that are left behind. Without older_than: those of runs that have ended,
// but of records made by hand only those with an unknown outcome, and all older than order_limit.
// With it: all rows of that age, except those of a living client within order_limit. Of runs in
// another place (process_state::elsewhere) only the age counts.
std::vector<journal::entry>
rows_to_sweep(std::vector<journal::entry> const& rows, sweep_limits const& limits);

// The rows that a client run by `runner` has left behind: all that belong to the runner, and those
// that were not there `before` and whose own process has ended.
std::vector<journal::entry> rows_left_by(
    process_id const& runner,
    std::vector<journal::entry> const& before,
    std::vector<journal::entry> const& now,
    std::function<process_state(process_id const&)> const& state_of = acme_dns01::state_of
);

} // namespace acme_dns01::challenge
