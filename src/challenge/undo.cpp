#include "challenge/undo.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

namespace {

using rows = std::vector<journal::entry>;

rows rows_of(rows all, journal::run const& owner) {
    std::erase_if(all, [&](auto const& row) { return row.owner != owner; });
    return all;
}

bool is_for_one_of(journal::entry const& row, std::vector<dns01> const& challenges) {
    return std::ranges::any_of(challenges, [&](auto const& c) {
        return c.fqdn == row.fqdn && c.value == row.value;
    });
}

} // namespace

boost::asio::awaitable<void> undo(
    cleaner& by,
    journal::store& journal,
    std::vector<dns01> challenges,
    std::vector<journal::entry> made,
    journal::run owner,
    log notes
) {
    auto const outstanding = journal.outstanding();
    if (!outstanding) notes.warning(outstanding.error().text());
    auto chosen = outstanding ? rows_of(*outstanding, owner) : rows();
    std::erase_if(chosen, [&](auto const& row) { return !is_for_one_of(row, challenges); });
    auto all = co_await by.remove_all(chosen);
    for (auto const& record : made) {
        auto const has_row = std::ranges::any_of(chosen, [&](auto const& row) {
            return row.zone == record.zone && row.id == record.id;
        });
        if (has_row) continue;
        // The journal could not be written.
        record_id const id{record.zone, record.id.value_or(0)};
        auto const done = co_await by.remove(id);
        all.add(done);
    }
    if (all.failure) notes.warning(all.failure->text());
}

boost::asio::awaitable<removals>
undo_run(cleaner& by, journal::store& journal, journal::run owner) {
    auto const outstanding = journal.outstanding();
    if (!outstanding) {
        removals none;
        none.failure = outstanding.error();
        co_return none;
    }
    auto chosen = rows_of(*outstanding, owner);
    auto all = co_await by.remove_all(std::move(chosen));
    co_return all;
}

boost::asio::awaitable<void>
undo_ids(digitalocean::client& api, dns::name zone, std::vector<std::int64_t> made, log notes) {
    for (auto const id : made) {
        auto const removed = co_await api.delete_record(zone, id);
        if (removed) continue;
        notes.warning(
            "record " + std::to_string(id) + " of zone " + zone.text() +
            " was created but could not be removed again: " + removed.error().text()
        );
    }
}

} // namespace acme_dns01::challenge
