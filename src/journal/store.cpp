#include "journal/store.hpp"

#include "base/text.hpp"

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <stdexcept>
#include <sys/stat.h>

namespace acme_dns01::journal {

BOOST_DESCRIBE_ENUM(state, intended, created, removing)
BOOST_DESCRIBE_ENUM(possible_copies, none, possible, late)

namespace {

using std::chrono::system_clock;

constexpr std::int64_t schema_version = 3;

constexpr auto schema = R"sql(
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
    place TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS account_zones (
    account TEXT PRIMARY KEY,
    zones TEXT NOT NULL,
    since INTEGER NOT NULL,
    is_complete INTEGER NOT NULL DEFAULT 1
);
PRAGMA user_version = 3;
)sql";

constexpr auto from_version_1 = R"sql(
ALTER TABLE record ADD COLUMN twins TEXT NOT NULL DEFAULT 'none';
ALTER TABLE record ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE account_zones ADD COLUMN is_complete INTEGER NOT NULL DEFAULT 1;
)sql";

// The processes of older rows were named without their place, so only the age of these rows counts.
constexpr auto from_version_2 = R"sql(
ALTER TABLE record ADD COLUMN place TEXT NOT NULL DEFAULT '';
PRAGMA user_version = 3;
)sql";

error damaged(database const& db, std::string_view what) {
    return {
        .kind = error_kind::configuration,
        .message = "the journal " + db.file() + " contains " + std::string(what),
        .hint = "move the file out of the state folder and inspect it with sqlite3",
    };
}

error of_newer_version(database const& db) {
    auto newer = damaged(db, "data of a newer version of acme-dns01");
    newer.hint = "use the newer version, or move the file out of the state folder";
    return newer;
}

result<entry> entry_of(database const& db, statement const& row) {
    auto at = state::intended;
    auto others = possible_copies::none;
    auto const is_known = boost::describe::enum_from_string(row.text(1).c_str(), at) &&
                          boost::describe::enum_from_string(row.text(13).c_str(), others);
    auto const zone = dns::name::parse(row.text(3));
    auto const fqdn = dns::name::parse(row.text(4));
    auto const since = to_moment(row.integer(12));
    if (!is_known || !zone || !fqdn || !since) return damaged(db, "an invalid row");
    entry e;
    e.key = row.integer(0);
    e.at = at;
    e.domain = row.text(2);
    e.zone = *zone;
    e.fqdn = *fqdn;
    e.value = row.text(5);
    e.id = row.optional_integer(6);
    process_id const process{static_cast<long>(row.integer(8)), row.text(9), row.text(15)};
    e.owner = {row.text(7), process, row.text(10)};
    e.remaining = row.integer(11);
    e.since = *since;
    e.others = others;
    e.account = row.text(14);
    return e;
}

result<void> make_folder(std::filesystem::path folder) {
    if (!folder.has_filename()) folder = folder.parent_path();
    std::error_code ec;
    if (std::filesystem::is_directory(folder, ec)) return {};
    std::filesystem::create_directories(folder.parent_path(), ec);
    if (::mkdir(folder.c_str(), S_IRWXU) == 0 || errno == EEXIST) return {};
    return error{
        .kind = error_kind::configuration,
        .message = "the state folder " + folder.string() +
                   " cannot be created: " + std::generic_category().message(errno),
        .hint = "choose another with --state-dir",
    };
}

} // namespace

std::string_view to_string(state s) { return boost::describe::enum_to_string(s, ""); }

result<store> store::open(std::filesystem::path const& folder) {
    auto const made = make_folder(folder);
    if (!made) return made.error();
    auto db = database::open(folder / "journal.sqlite");
    if (!db) return db.error();
    store opened(std::move(*db), true);
    auto const prepared = opened.prepare();
    if (!prepared) return prepared.error();
    return opened;
}

store store::in_memory() {
    store opened(database::in_memory(), false);
    auto const prepared = opened.prepare();
    if (!prepared) throw std::runtime_error(prepared.error().message);
    return opened;
}

result<std::int64_t> store::version() {
    // In a function of its own, so that the statement is done before the caller writes: an open
    // one holds a lock, and two processes that hold one and want to write wait for each other.
    statement select(database_, "PRAGMA user_version");
    auto const row = select.step();
    if (!row) return row.error();
    return select.integer(0);
}

result<void> store::upgrade() {
    auto const found = version();
    if (!found) return found.error();
    if (*found == schema_version) return {};
    if (*found == 0) return database_.execute(schema);
    return database_.execute((*found == 1 ? from_version_1 : "") + std::string(from_version_2));
}

result<void> store::prepare() {
    auto const found = version();
    if (!found) return found.error();
    if (*found < 0 || *found > schema_version) return of_newer_version(database_);
    if (*found == schema_version) return {};
    return database_.in_transaction([this] { return upgrade(); });
}

result<std::int64_t> store::intend(intent const& i) {
    auto const done = database_.run(
        "INSERT INTO record (state, domain, zone, fqdn, value, client, pid, started, client_order,"
        " remaining, since, account, place)"
        " VALUES ('intended', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        i.domain,
        i.zone.text(),
        i.fqdn.text(),
        i.value,
        i.owner.client,
        std::int64_t{i.owner.process.pid},
        i.owner.process.started,
        i.owner.order,
        i.remaining,
        to_integer(system_clock::now()),
        i.account,
        i.owner.process.place
    );
    if (!done) return done.error();
    return database_.last_key();
}

result<void> store::created(std::int64_t key, std::int64_t id, possible_copies others) {
    auto const* const copies = boost::describe::enum_to_string(others, "");
    return database_.run(
        "UPDATE record SET state = 'created', id = ?, twins = ? WHERE key = ?", id, copies, key
    );
}

result<void> store::removing(std::int64_t key) {
    return database_.run("UPDATE record SET state = 'removing' WHERE key = ?", key);
}

result<bool> store::claim(entry const& seen) {
    auto const done = database_.run(
        "UPDATE record SET state = 'removing' WHERE key = ? AND state = ? AND id IS ? AND since = "
        "?",
        seen.key,
        to_string(seen.at),
        seen.id,
        to_integer(seen.since)
    );
    if (!done) return done.error();
    return database_.changed_rows() > 0;
}

result<std::optional<std::int64_t>> store::adopt(entry const& known, intent const& i) {
    std::optional<std::int64_t> key;
    auto const done = database_.in_transaction([&]() -> result<void> {
        auto const claimed = claim(known);
        if (!claimed) return claimed.error();
        if (!*claimed) return {};
        auto const added = intend(i);
        if (!added) return added.error();
        key = *added;
        auto const completed = created(*added, known.id.value_or(0), known.others);
        if (!completed) return completed.error();
        return forget(known.key);
    });
    if (!done) return done.error();
    return key;
}

result<void> store::forget(std::int64_t key) {
    return database_.run("DELETE FROM record WHERE key = ?", key);
}

result<std::vector<entry>> store::outstanding() { return rows(false); }

result<std::vector<entry>> store::standing() { return rows(true); }

// Chosen here and not by SQL, which takes a damaged row for one that does not match.
result<std::vector<entry>> store::rows(bool are_standing) {
    statement select(
        database_,
        "SELECT key, state, domain, zone, fqdn, value, id, client, pid, started, client_order,"
        " remaining, since, twins, account, place FROM record ORDER BY key"
    );
    std::vector<entry> entries;
    while (true) {
        auto const row = select.step();
        if (!row) return row.error();
        if (!*row) return entries;
        auto e = entry_of(database_, select);
        if (!e) return e.error();
        auto const is_standing = e->owner.client == standing_client;
        if (is_standing == are_standing) entries.push_back(std::move(*e));
    }
}

result<std::optional<dns::zone_list>> store::zones_of(std::string_view account) {
    statement select(
        database_, "SELECT zones, since, is_complete FROM account_zones WHERE account = ?", account
    );
    auto const row = select.step();
    if (!row) return row.error();
    if (!*row) return std::optional<dns::zone_list>();
    dns::zone_list found;
    found.since = to_moment(select.integer(1)).value_or(found.since);
    found.is_complete = select.integer(2) != 0;
    for (auto const& text : split(select.text(0), "\n")) {
        auto const zone = dns::name::parse(text);
        if (!zone) return damaged(database_, "a zone that is not a domain name");
        found.zones.push_back(*zone);
    }
    return std::optional(std::move(found));
}

result<void> store::remember_zones(std::string_view account, dns::zone_list const& known) {
    return database_.run(
        "INSERT OR REPLACE INTO account_zones (account, zones, since, is_complete)"
        " VALUES (?, ?, ?, ?)",
        account,
        joined(texts_of(known.zones), "\n"),
        to_integer(known.since),
        std::int64_t{known.is_complete}
    );
}

result<void> store::forget_zones(std::string_view account) {
    return database_.run("DELETE FROM account_zones WHERE account = ?", account);
}

} // namespace acme_dns01::journal
