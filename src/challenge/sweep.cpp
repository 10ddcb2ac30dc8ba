#include "challenge/sweep.hpp"

#include <algorithm>
#include <iterator>

namespace acme_dns01::challenge {

namespace {

bool is_in_use(journal::entry const& row, sweep_limits const& limits) {
    if (limits.is_alive(row.owner.process)) {
        return !limits.older_than || limits.is_client(row.owner);
    }
    auto const may_be_used_by_hand =
        row.owner.client == by_hand && row.at == journal::state::created;
    return may_be_used_by_hand && !limits.older_than;
}

bool is_left_behind(journal::entry const& row, sweep_limits const& limits) {
    auto const age = limits.now - row.since;
    if (limits.older_than && age < *limits.older_than) return false;
    return age >= order_limit || !is_in_use(row, limits);
}

} // namespace

std::vector<journal::entry>
rows_to_sweep(std::vector<journal::entry> const& rows, sweep_limits const& limits) {
    std::vector<journal::entry> chosen;
    std::ranges::copy_if(rows, std::back_inserter(chosen), [&](auto const& row) {
        return is_left_behind(row, limits);
    });
    return chosen;
}

std::vector<journal::entry> rows_left_by(
    process_id const& runner,
    std::vector<journal::entry> const& before,
    std::vector<journal::entry> const& now,
    std::function<bool(process_id const&)> const& alive
) {
    std::vector<journal::entry> chosen;
    std::ranges::copy_if(now, std::back_inserter(chosen), [&](auto const& row) {
        auto const is_same = [&](auto const& old) {
            return old.key == row.key && old.owner == row.owner;
        };
        if (row.owner.process == runner) return true;
        if (row.owner.client == by_hand || alive(row.owner.process)) return false;
        return std::ranges::none_of(before, is_same);
    });
    return chosen;
}

} // namespace acme_dns01::challenge
