#include "challenge/wait/target.hpp"

#include "challenge/effective_names.hpp"

#include <algorithm>
#include <iterator>

namespace acme_dns01::challenge {

namespace {

target target_of(journal::intent const& i) { return {i.zone, i.fqdn, i.value}; }

async_result<target> target_in_account(
    services::accounts& all, services::resolvers& dns, allow_list const& allowed, dns01 c, log notes
) {
    auto const where = co_await effective_name(dns, allowed, c, notes);
    if (!where) co_return where.error();
    auto const account = all.for_name(where->fqdn);
    if (!account) co_return account.error();
    auto const zone = co_await (*account)->zone_of(where->fqdn, where->public_zone);
    if (!zone) co_return in_context(label_of(*where), zone.error());
    co_return target{*zone, where->fqdn, c.value};
}

} // namespace

targets targets_of(std::vector<journal::entry> const& records) {
    targets all;
    std::ranges::transform(records, std::back_inserter(all), target_of);
    return all;
}

result<targets> outstanding_targets(journal::store& journal) {
    auto rows = journal.outstanding();
    if (!rows) return rows.error();
    std::erase_if(*rows, [](auto const& row) { return row.at != journal::state::created; });
    return targets_of(*rows);
}

async_result<targets> targets_for(
    services::accounts& all,
    journal::store& journal,
    services::resolvers& dns,
    allow_list const& allowed,
    std::vector<dns01> challenges,
    log notes
) {
    auto const rows = journal.outstanding();
    if (!rows) co_return rows.error();
    targets found;
    for (auto const& c : challenges) {
        auto const known = std::ranges::find_if(*rows, [&](auto const& row) {
            auto const is_planned = row.at == journal::state::planned;
            return !is_planned && row.value == c.value &&
                   (row.domain == c.domain || row.fqdn == c.fqdn);
        });
        if (known != rows->end()) {
            found.push_back(target_of(*known));
            continue;
        }
        auto const one = co_await target_in_account(all, dns, allowed, c, notes);
        if (!one) co_return one.error();
        found.push_back(*one);
    }
    co_return found;
}

} // namespace acme_dns01::challenge
