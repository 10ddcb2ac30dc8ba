#include "journal/plans.hpp"

#include "journal/schema.hpp"

#include <stdexcept>

namespace acme_dns01::journal {

namespace {

using std::chrono::system_clock;

constexpr auto tables = R"sql(
CREATE TABLE IF NOT EXISTS creation (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    domain TEXT NOT NULL,
    fqdn TEXT NOT NULL,
    value TEXT NOT NULL,
    client TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started TEXT NOT NULL,
    place TEXT NOT NULL,
    client_order TEXT NOT NULL,
    remaining INTEGER NOT NULL,
    since INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS removal (record INTEGER PRIMARY KEY);
)sql";

result<void> insert_plan(database& db, intent const& i) {
    return db.run(
        "INSERT INTO creation (domain, fqdn, value, client, pid, started, place, client_order,"
        " remaining, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        i.domain,
        i.fqdn.text(),
        i.value,
        i.owner.client,
        std::int64_t{i.owner.process.pid},
        i.owner.process.started,
        i.owner.process.place,
        i.owner.order,
        i.remaining,
        to_integer(system_clock::now())
    );
}

// A hook that ends early, or never ran, leaves its plan behind.
result<void> forget_older_order(database& db, intent const& i) {
    return db.run(
        "DELETE FROM creation WHERE client = ? AND pid = ? AND started = ? AND place = ?"
        " AND client_order = ? AND remaining <= ?",
        i.owner.client,
        std::int64_t{i.owner.process.pid},
        i.owner.process.started,
        i.owner.process.place,
        i.owner.order,
        i.remaining
    );
}

result<entry> plan_of(database const& db, statement const& row) {
    auto const fqdn = dns::name::parse(row.text(2));
    auto const since = to_moment(row.integer(10));
    if (!fqdn || !since || row.integer(9) < 0) return damaged(db, "an invalid row");
    entry e;
    e.key = -row.integer(0);
    e.at = state::planned;
    e.domain = row.text(1);
    e.fqdn = *fqdn;
    e.value = row.text(3);
    e.owner.client = row.text(4);
    e.owner.process = {static_cast<long>(row.integer(5)), row.text(6), row.text(7)};
    e.owner.order = row.text(8);
    e.remaining = row.integer(9);
    e.since = *since;
    return e;
}

} // namespace

std::filesystem::path plans::file_in(std::filesystem::path const& folder) {
    return folder / "plans.sqlite";
}

result<plans> plans::open(std::filesystem::path const& folder) {
    auto db = database::open_or_replace(file_in(folder), database::purpose::planning, tables);
    if (!db) return db.error();
    return plans(std::move(*db));
}

plans plans::in_memory() {
    auto db = database::in_memory();
    auto const prepared = db.execute(tables);
    if (!prepared) throw std::runtime_error(prepared.error().message);
    return plans(std::move(db));
}

result<void> plans::add(std::vector<intent> const& wanted) {
    return database_.in_transaction([&]() -> result<void> {
        for (auto const& i : wanted) {
            auto const forgotten = forget_older_order(database_, i);
            if (!forgotten) return forgotten;
        }
        for (auto const& i : wanted) {
            auto const added = insert_plan(database_, i);
            if (!added) return added;
        }
        return {};
    });
}

result<void> plans::forget(std::int64_t key) {
    return database_.run("DELETE FROM creation WHERE key = ?", -key);
}

result<std::vector<entry>> plans::all() {
    statement select(
        database_,
        "SELECT key, domain, fqdn, value, client, pid, started, place, client_order, remaining,"
        " since FROM creation ORDER BY key"
    );
    std::vector<entry> entries;
    while (true) {
        auto const row = select.step();
        if (!row) return row.error();
        if (!*row) return entries;
        auto e = plan_of(database_, select);
        if (!e) return e.error();
        entries.push_back(std::move(*e));
    }
}

result<void> plans::add_removal(std::int64_t record) {
    return database_.run("INSERT OR IGNORE INTO removal (record) VALUES (?)", record);
}

result<void> plans::forget_removals(std::vector<std::int64_t> const& records) {
    return database_.in_transaction([&]() -> result<void> {
        for (auto const record : records) {
            auto const forgotten = database_.run("DELETE FROM removal WHERE record = ?", record);
            if (!forgotten) return forgotten;
        }
        return {};
    });
}

result<std::vector<std::int64_t>> plans::removals() {
    statement select(database_, "SELECT record FROM removal ORDER BY record");
    std::vector<std::int64_t> records;
    while (true) {
        auto const row = select.step();
        if (!row) return row.error();
        if (!*row) return records;
        records.push_back(select.integer(0));
    }
}

} // namespace acme_dns01::journal
