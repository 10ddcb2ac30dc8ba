#pragma once

#include "base/error.hpp"
#include "journal/store.hpp"
#include "process/process.hpp"

#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::challenge {

// Whose run a record belongs to. A client's hooks are processes of their own, so a run is known by
// the client's process; below `acme-dns01 run` there is that process, too, the runner.

// The client's name in the journal for records that `present` made by hand. That process ends while
// its records are in use.
inline constexpr auto by_hand = "present";

// The same for records of `present` below `run`: they belong to the runner, which outlives the
// client.
inline constexpr auto by_run = "run";

using runner_process = std::optional<process_id>;

// The run of a `present` on the command line.
journal::run run_of_present(runner_process const& runner);

// The run of the client that has called this hook. error_kind::usage where the client has ended:
// the CA will not ask for its records any more, and no cleanup would follow.
result<journal::run>
run_of_client(std::string const& client, std::string order, runner_process const& runner);

// Whether the client is known to have ended, or is no longer above this process. Where no client
// was found above, the runner counts.
bool client_has_ended(journal::run const& owner, runner_process const& runner);

// Whether the run's process, which is alive, is the client by name, or `run`, whose client is a
// script of another name. A process of any other name that has called a hook proves nothing by
// being alive.
bool is_client_itself(journal::run const& owner);

// The records of one order, picked from all outstanding ones: the last hook of an order waits for
// these and for nothing else.
//
// A client calls its hooks one after the other, and `remaining` falls with each. So the order's
// records are the newest ones of its run, backwards for as long as `remaining` rises; where it does
// not, an earlier order that failed half way has left its records behind.
std::vector<journal::entry>
records_of_order(std::vector<journal::entry> const& outstanding, journal::run const& owner);

} // namespace acme_dns01::challenge
