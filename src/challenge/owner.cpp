#include "challenge/owner.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

namespace {

bool is_in_use(journal::entry const& row, sweep_limits const& limits) {
    auto const state = limits.state_of(row.owner.process);
    if (state == process_state::running) return !limits.older_than || limits.is_client(row.owner);
    auto const is_made_by_hand = row.owner.client == by_hand && row.at == journal::state::created;
    auto const end_is_known = state == process_state::ended && !is_made_by_hand;
    return !end_is_known && !limits.older_than;
}

bool is_left_behind(journal::entry const& row, sweep_limits const& limits) {
    auto const age = limits.now - row.since;
    if (limits.older_than && age < *limits.older_than) return false;
    return age >= order_limit || !is_in_use(row, limits);
}

} // namespace

journal::run run_of_present(runner_process const& runner) {
    if (runner && is_alive(*runner)) return {by_run, *runner, ""};
    return {by_hand, this_process(), ""};
}

bool client_has_ended(journal::run const& owner, runner_process const& runner) {
    auto const& client = owner.process;
    if (is_cut_off_from(client)) return true;
    if (client != this_process()) return !is_alive(client);
    return runner && is_cut_off_from(*runner);
}

result<journal::run>
run_of_client(std::string const& client, std::string order, runner_process const& runner) {
    journal::run owner{client, calling_process(client), std::move(order)};
    auto const has_ended = client_has_ended(owner, runner);
    // The end of a client that is not above this hook is not known.
    if (owner.process == this_process()) owner.client = by_hand;
    if (!has_ended) return owner;
    return error{
        .kind = error_kind::usage,
        .message =
            client +
            ", or the process between it and this hook, has ended: no record is created for it",
        .hint = "start " + client + " again",
    };
}

bool is_client_itself(journal::run const& owner) {
    auto const is_ours = owner.client == by_hand || owner.client == by_run;
    return is_ours || runs(owner.process, owner.client) || runs(owner.process, "acme-dns01");
}

std::vector<journal::entry>
records_of_order(std::vector<journal::entry> const& outstanding, journal::run const& owner) {
    std::vector<journal::entry> newest_first;
    for (auto row = outstanding.rbegin(); row != outstanding.rend(); ++row) {
        if (row->owner != owner) continue;
        auto const is_older_order =
            !newest_first.empty() && row->remaining <= newest_first.back().remaining;
        if (is_older_order) break;
        newest_first.push_back(*row);
    }
    std::ranges::reverse(newest_first);
    std::erase_if(newest_first, [](auto const& row) { return row.at != journal::state::created; });
    return newest_first;
}

std::vector<journal::entry>
rows_to_sweep(std::vector<journal::entry> const& rows, sweep_limits const& limits) {
    auto chosen = rows;
    std::erase_if(chosen, [&](auto const& row) { return !is_left_behind(row, limits); });
    return chosen;
}

std::vector<journal::entry> rows_left_by(
    process_id const& runner,
    std::vector<journal::entry> const& before,
    std::vector<journal::entry> const& now,
    std::function<process_state(process_id const&)> const& state_of
) {
    auto chosen = now;
    std::erase_if(chosen, [&](auto const& row) {
        auto const is_same = [&](auto const& old) {
            return old.key == row.key && old.owner == row.owner;
        };
        if (row.owner.process == runner) return false;
        return row.owner.client == by_hand || state_of(row.owner.process) != process_state::ended ||
               std::ranges::any_of(before, is_same);
    });
    return chosen;
}

} // namespace acme_dns01::challenge
