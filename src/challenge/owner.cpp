#include "challenge/owner.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

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
    if (!client_has_ended(owner, runner)) return owner;
    return error{
        .kind = error_kind::usage,
        .message = client + ", or the process between it and this hook, has ended: no record is " +
                   "created for it",
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

} // namespace acme_dns01::challenge
