#include "challenge/order.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

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

target target_of(journal::intent const& i) { return {i.zone, i.fqdn, i.value}; }

} // namespace acme_dns01::challenge
