#include "challenge/plan.hpp"

#include <algorithm>
#include <iterator>

namespace acme_dns01::challenge {

namespace {

bool is_about(journal::entry const& row, cleanup_call const& call) {
    return row.owner == call.owner && row.domain == call.about.domain &&
           row.value == call.about.value;
}

bool is_left(journal::entry const& row) {
    return row.at == journal::state::removing && row.last_cleanup_follows;
}

template <class Test>
std::vector<journal::entry> chosen(std::vector<journal::entry> const& rows, Test test) {
    std::vector<journal::entry> found;
    std::ranges::copy_if(rows, std::back_inserter(found), test);
    return found;
}

} // namespace

part_in_order part_of(hook_call_facts const& known) {
    auto const knows_its_order =
        known.is_counted && known.journal_is_lasting && known.client_is_certain;
    if (!knows_its_order) return part_in_order::alone;
    if (known.remaining == 0) return part_in_order::last;
    return known.has_challenge ? part_in_order::early : part_in_order::alone;
}

result<void> plan(
    journal::store& journal,
    std::vector<dns01> const& challenges,
    journal::run const& owner,
    std::int64_t remaining
) {
    std::vector<journal::intent> wanted;
    for (auto const& c : challenges)
        wanted.push_back({c.domain, dns::name(), c.fqdn, c.value, owner, remaining, ""});
    return journal.plan(wanted);
}

result<std::vector<dns01>>
planned_challenges(std::vector<journal::entry> const& rows, journal::run const& owner) {
    std::vector<dns01> found;
    for (auto const& row : rows) {
        if (row.at != journal::state::planned || row.owner != owner) continue;
        auto const is_record_name = row.domain == row.fqdn.text();
        auto c = is_record_name ? make_challenge_at(row.domain, row.value)
                                : make_challenge(row.domain, row.value);
        if (!c) return c.error();
        c->planned = planned_row{row.key, row.remaining};
        found.push_back(std::move(*c));
    }
    return found;
}

std::vector<journal::entry>
rows_of_call(std::vector<journal::entry> const& rows, cleanup_call const& call) {
    auto const ours = chosen(rows, [&](auto const& row) { return is_about(row, call); });
    auto exact = chosen(ours, [&](auto const& row) {
        if (!call.record) return row.remaining == call.remaining;
        return row.zone == call.record->zone && row.id == call.record->id;
    });
    return call.record || !exact.empty() ? exact : ours;
}

bool may_be_left_to_the_last(std::vector<journal::entry> const& rows) {
    return !rows.empty() && std::ranges::all_of(rows, [](auto const& row) {
        return row.at == journal::state::planned || row.last_cleanup_follows;
    });
}

result<void> leave_to_the_last(journal::store& journal, std::vector<journal::entry> const& rows) {
    for (auto const& row : rows) {
        auto const is_planned = row.at == journal::state::planned;
        auto const done =
            is_planned ? journal.forget_planned(row.key) : journal.plan_removal(row.key);
        if (!done) return done.error();
    }
    return {};
}

std::vector<journal::entry>
rows_left_to_the_last(std::vector<journal::entry> const& rows, journal::run const& owner) {
    return chosen(rows, [&](auto const& row) { return row.owner == owner && is_left(row); });
}

} // namespace acme_dns01::challenge
