#include "journal/ledger.hpp"

#include <algorithm>
#include <stdexcept>

namespace acme_dns01::journal {

namespace {

using std::chrono::milliseconds;

// A clock may be set back by as much while it is being kept right, in milliseconds.
constexpr std::int64_t clock_step = 1000;

constexpr auto schema = R"sql(
CREATE TABLE IF NOT EXISTS request (key TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS request_by_time ON request (key, at);
CREATE TABLE IF NOT EXISTS closed (
    key TEXT PRIMARY KEY, until INTEGER NOT NULL, since INTEGER NOT NULL);
)sql";

std::int64_t to_integer(ledger::moment m) {
    return std::chrono::duration_cast<milliseconds>(m.time_since_epoch()).count();
}

ledger::moment to_moment(std::int64_t since_epoch) {
    return ledger::moment(milliseconds(since_epoch));
}

std::int64_t longest_of(std::span<window const> windows) {
    std::int64_t longest = 0;
    for (auto const& w : windows)
        longest = std::max<std::int64_t>(longest, w.length.count());
    return longest;
}

} // namespace

result<ledger> ledger::open(std::filesystem::path const& folder, wall_clock now) {
    auto const file = folder / "requests.sqlite";
    auto opened = open_file(file, now);
    if (opened || !database::is_damage(opened.error())) return opened;
    std::error_code ec;
    std::filesystem::remove(file, ec);
    std::filesystem::remove(file.string() + "-journal", ec);
    return open_file(file, now);
}

result<ledger> ledger::open_file(std::filesystem::path const& file, wall_clock now) {
    auto db = database::open(file, database::purpose::counting);
    if (!db) return db.error();
    ledger opened(std::move(*db), std::move(now));
    auto const prepared = opened.prepare();
    if (!prepared) return prepared.error();
    return opened;
}

ledger ledger::in_memory(wall_clock now) {
    ledger opened(database::in_memory(), std::move(now));
    auto const prepared = opened.prepare();
    if (!prepared) throw std::runtime_error(prepared.error().message);
    return opened;
}

result<void> ledger::prepare() { return database_.execute(schema); }

result<std::optional<ledger::moment>>
ledger::take(std::string_view key, std::span<window const> windows) {
    auto const locked = database_.execute("BEGIN IMMEDIATE");
    if (!locked) return locked.error();
    auto const taken = take_locked(key, windows);
    auto const ended = database_.execute(taken ? "COMMIT" : "ROLLBACK");
    if (!taken) return taken.error();
    if (!ended) return ended.error();
    return taken;
}

result<std::optional<ledger::moment>>
ledger::take_locked(std::string_view key, std::span<window const> windows) {
    auto const now = to_integer(now_());
    auto const forgotten = forget(key, longest_of(windows), now);
    if (!forgotten) return forgotten.error();
    auto const closed = closed_until(key);
    if (!closed) return closed.error();
    auto until = *closed;
    for (auto const& w : windows) {
        auto const full = full_until(key, w);
        if (!full) return full.error();
        until = std::max(until, *full);
    }
    if (until > now) return std::optional(to_moment(until));
    statement insert(database_, "INSERT INTO request (key, at) VALUES (?, ?)");
    auto const counted = insert.bind(key).bind(now).run();
    if (!counted) return counted.error();
    return std::optional<moment>();
}

result<void> ledger::forget(std::string_view key, std::int64_t longest, std::int64_t now) {
    statement requests(database_, "DELETE FROM request WHERE key = ? AND (at <= ? OR at > ?)");
    auto const old = requests.bind(key).bind(now - longest).bind(now + clock_step).run();
    if (!old) return old;
    statement closed(
        database_, "DELETE FROM closed WHERE key = ? AND (until <= ? OR until > ? OR since > ?)"
    );
    return closed.bind(key).bind(now).bind(now + longest).bind(now + clock_step).run();
}

result<std::int64_t> ledger::closed_until(std::string_view key) {
    statement select(database_, "SELECT until FROM closed WHERE key = ?");
    auto const row = select.bind(key).step();
    if (!row) return row.error();
    return *row ? select.integer(0) : std::int64_t{0};
}

// The oldest of the newest `most`, as long as it counts, is what the next one waits for.
result<std::int64_t> ledger::full_until(std::string_view key, window const& w) {
    statement select(
        database_, "SELECT at FROM request WHERE key = ? ORDER BY at DESC LIMIT 1 OFFSET ?"
    );
    auto const row = select.bind(key).bind(w.most - 1).step();
    if (!row) return row.error();
    return *row ? select.integer(0) + w.length.count() : std::int64_t{0};
}

result<void> ledger::close_until(std::string_view key, moment until) {
    statement upsert(
        database_,
        "INSERT INTO closed (key, until, since) VALUES (?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE"
        " SET until = max(until, excluded.until), since = excluded.since"
    );
    return upsert.bind(key).bind(to_integer(until)).bind(to_integer(now_())).run();
}

} // namespace acme_dns01::journal
