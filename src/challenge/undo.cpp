#include "challenge/undo.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

namespace {

result<std::vector<journal::entry>> rows_of(journal::store& journal, journal::run const& owner) {
    auto rows = journal.outstanding();
    if (rows) std::erase_if(*rows, [&](auto const& row) { return row.owner != owner; });
    return rows;
}

// A planned row has the challenge's own name, even if that is an alias.
bool is_for_one_of(journal::entry const& row, std::vector<dns01> const& challenges) {
    return std::ranges::any_of(challenges, [&](auto const& c) {
        if (row.at == journal::state::planned) return c.planned && c.planned->key == row.key;
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
    auto const rows = rows_of(journal, owner);
    if (!rows) notes.warning(rows.error().text());
    auto chosen = rows ? *rows : std::vector<journal::entry>();
    std::erase_if(chosen, [&](auto const& row) { return !is_for_one_of(row, challenges); });
    auto all = co_await by.remove_all(chosen);
    for (auto const& record : made) {
        auto const has_row = std::ranges::any_of(chosen, [&](auto const& row) {
            return row.zone == record.zone && row.id == record.id;
        });
        if (has_row) continue;
        // Without a row: the journal could not be written.
        record_id const id{record.zone, record.id.value_or(0)};
        auto const done = co_await by.remove(id);
        all.add(done);
    }
    for (auto const& failure : all.failures)
        notes.warning(failure.text());
}

boost::asio::awaitable<removals>
undo_run(cleaner& by, journal::store& journal, journal::run owner) {
    auto const rows = rows_of(journal, owner);
    if (!rows) {
        removals failed;
        failed.failures.push_back(rows.error());
        co_return failed;
    }
    auto all = co_await by.remove_all(*rows);
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
