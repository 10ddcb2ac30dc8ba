#include "journal/schema.hpp"

#include <cstdint>
#include <string>

namespace acme_dns01::journal {

error damaged(database const& db, std::string_view what) {
    return {
        .kind = error_kind::configuration,
        .message = "the journal " + db.file() + " contains " + std::string(what),
        .hint = "move the file out of the state folder and inspect it with sqlite3",
    };
}

namespace {

constexpr std::int64_t schema_version = 5;

constexpr auto record_table = R"sql(
CREATE TABLE IF NOT EXISTS record (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL CHECK (state IN ('intended', 'created', 'removing')),
    domain TEXT NOT NULL,
    zone TEXT NOT NULL,
    fqdn TEXT NOT NULL,
    value TEXT NOT NULL,
    id INTEGER,
    client TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started TEXT NOT NULL,
    client_order TEXT NOT NULL,
    remaining INTEGER NOT NULL,
    since INTEGER NOT NULL,
    twins TEXT NOT NULL DEFAULT 'none' CHECK (twins IN ('none', 'possible', 'late')),
    account TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL DEFAULT '',
    last_cleanup_follows INTEGER NOT NULL DEFAULT 0
);
)sql";

constexpr auto zones_table = R"sql(
CREATE TABLE IF NOT EXISTS account_zones (
    account TEXT PRIMARY KEY,
    zones TEXT NOT NULL,
    since INTEGER NOT NULL,
    is_complete INTEGER NOT NULL DEFAULT 1
);
)sql";

constexpr auto from_version_1 = R"sql(
ALTER TABLE record ADD COLUMN twins TEXT NOT NULL DEFAULT 'none';
ALTER TABLE record ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE account_zones ADD COLUMN is_complete INTEGER NOT NULL DEFAULT 1;
)sql";

// The processes of older rows were named without their place, so only the age of these rows counts.
constexpr auto from_version_2 = R"sql(
ALTER TABLE record ADD COLUMN place TEXT NOT NULL DEFAULT '';
)sql";

constexpr auto from_version_3 = R"sql(
ALTER TABLE record ADD COLUMN last_cleanup_follows INTEGER NOT NULL DEFAULT 0;
)sql";

// A table's CHECK cannot be changed, so the rows move to a new table. Keys are never used twice.
// Plans were rows of this table in version 4, and have asked for nothing.
constexpr auto before_new_table = "ALTER TABLE record RENAME TO old_record;";
constexpr auto into_new_table = R"sql(
INSERT INTO record (key, state, domain, zone, fqdn, value, id, client, pid, started, client_order,
    remaining, since, twins, account, place, last_cleanup_follows)
    SELECT key, state, domain, zone, fqdn, value, id, client, pid, started, client_order,
        remaining, since, twins, account, place, last_cleanup_follows
    FROM old_record WHERE state <> 'planned';
DELETE FROM sqlite_sequence WHERE name = 'record';
UPDATE sqlite_sequence SET name = 'record' WHERE name = 'old_record';
DROP TABLE old_record;
)sql";

std::string upgrade_from(std::int64_t version) {
    std::string steps;
    auto const is_upgrade = version > 0;
    if (is_upgrade && version <= 1) steps += from_version_1;
    if (is_upgrade && version <= 2) steps += from_version_2;
    if (is_upgrade && version <= 3) steps += from_version_3;
    if (is_upgrade) steps += before_new_table;
    steps += record_table;
    if (is_upgrade) steps += into_new_table;
    return steps + zones_table + "PRAGMA user_version = " + std::to_string(schema_version) + ";";
}

error of_newer_version(database const& db) {
    auto newer = damaged(db, "data of a newer version of acme-dns01");
    newer.hint = "use the newer version, or move the file out of the state folder";
    return newer;
}

result<std::int64_t> version_of(database& db) {
    // In a function of its own, so that the statement is done before the caller writes: an open
    // one holds a lock, and two processes that hold one and want to write wait for each other.
    statement select(db, "PRAGMA user_version");
    auto const row = select.step();
    if (!row) return row.error();
    return select.integer(0);
}

result<void> upgrade(database& db) {
    auto const found = version_of(db);
    if (!found) return found.error();
    if (*found == schema_version) return {};
    return db.execute(upgrade_from(*found));
}

} // namespace

result<void> prepare_tables(database& db) {
    auto const found = version_of(db);
    if (!found) return found.error();
    if (*found < 0 || *found > schema_version) return of_newer_version(db);
    if (*found == schema_version) return {};
    // Even a transaction that fails and is rolled back writes to a damaged file.
    auto const checked = db.check_pages();
    if (!checked) return checked;
    return db.in_transaction([&db] { return upgrade(db); });
}

} // namespace acme_dns01::journal
