#include "challenge/wait/target.hpp"

#include "challenge/effective_names.hpp"

#include <optional>

namespace acme_dns01::challenge {

namespace {

target target_of(journal::intent const& i) { return {i.zone, i.fqdn, i.value}; }

std::optional<target> known_target(std::vector<journal::entry> const& rows, dns01 const& c) {
    for (auto const& row : rows) {
        auto const is_meant = row.domain == c.domain || row.fqdn == c.fqdn;
        if (is_meant && row.value == c.value) return target_of(row);
    }
    return std::nullopt;
}

async_result<target>
target_in_account(services::accounts& all, services::resolvers& dns, dns01 c, log notes) {
    auto const where = co_await effective_name(dns, c, notes);
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
    for (auto const& record : records)
        all.push_back(target_of(record));
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
    std::vector<dns01> challenges,
    log notes
) {
    auto const rows = journal.outstanding();
    if (!rows) co_return rows.error();
    targets found;
    for (auto const& c : challenges) {
        auto const known = known_target(*rows, c);
        if (known) {
            found.push_back(*known);
            continue;
        }
        auto one = co_await target_in_account(all, dns, c, notes);
        if (!one) co_return one.error();
        found.push_back(std::move(*one));
    }
    co_return found;
}

} // namespace acme_dns01::challenge
