#include "journal/ledger.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace acme_dns01::journal {

namespace {

// A clock that is being kept right may be set back by this much, in milliseconds.
constexpr std::int64_t clock_step = 1000;

constexpr auto schema = R"sql(
CREATE TABLE IF NOT EXISTS request (key TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS request_by_time ON request (key, at);
CREATE TABLE IF NOT EXISTS closed (
    key TEXT PRIMARY KEY, until INTEGER NOT NULL, since INTEGER NOT NULL);
)sql";

} // namespace

ledger ledger::open(std::filesystem::path const& folder, settings how) {
    auto const file = folder / "requests.sqlite";
    auto db = database::open_or_replace(file, database::purpose::counting, schema);
    if (db) return {std::move(*db), std::move(how)};
    how.notes.warning(db.error().text());
    return in_memory(std::move(how));
}

ledger ledger::in_memory(settings how) {
    auto db = database::in_memory();
    auto const prepared = db.execute(schema);
    if (!prepared) throw std::runtime_error(prepared.error().message);
    return {std::move(db), std::move(how)};
}

std::optional<ledger::moment> ledger::take() {
    std::optional<moment> until;
    if (has_failed_) return until;
    auto const taken = database_.in_transaction([&] { return take_locked(until); });
    if (!taken) give_up(taken.error());
    return taken ? until : std::nullopt;
}

boost::asio::awaitable<std::optional<ledger::moment>> ledger::take_with_others() {
    std::optional<moment> until;
    if (has_failed_) co_return until;
    group::step const step = [&] {
        return database_.in_transaction([&] { return take_locked(until); });
    };
    auto const taken = co_await group_.write(database_, step);
    if (taken) co_return until;
    if (!has_failed_) give_up(taken.error());
    co_return std::optional<moment>();
}

result<void> ledger::take_locked(std::optional<moment>& until) {
    auto const at = now();
    auto const forgotten = forget(at);
    if (!forgotten) return forgotten.error();
    auto latest = closed_until();
    for (auto const& w : settings_.windows) {
        auto const full = full_until(w);
        if (!full) return full.error();
        if (latest) latest = std::max(*latest, *full);
    }
    if (!latest) return latest.error();
    if (*latest <= at)
        return database_.run("INSERT INTO request (key, at) VALUES (?, ?)", settings_.key, at);
    until = to_moment(*latest);
    return {};
}

void ledger::count_later(moment taken) {
    if (has_failed_) return;
    auto const done = database_.run(
        "UPDATE request SET at = ? WHERE rowid = (SELECT rowid FROM request WHERE key = ?"
        " AND at <= ? ORDER BY at DESC LIMIT 1)",
        now(),
        settings_.key,
        to_integer(taken)
    );
    if (!done) give_up(done.error());
}

result<void> ledger::forget(std::int64_t at) {
    std::int64_t longest = 0;
    for (auto const& w : settings_.windows)
        longest = std::max<std::int64_t>(longest, w.length.count());
    auto const old = database_.run(
        "DELETE FROM request WHERE key = ? AND (at <= ? OR at > ?)",
        settings_.key,
        at - longest,
        at + clock_step
    );
    if (!old) return old;
    return database_.run(
        "DELETE FROM closed WHERE key = ? AND (until <= ? OR until > ? OR since > ?)",
        settings_.key,
        at,
        at + longest,
        at + clock_step
    );
}

result<std::int64_t> ledger::closed_until() {
    statement select(database_, "SELECT until FROM closed WHERE key = ?", settings_.key);
    auto const row = select.step();
    if (!row) return row.error();
    return *row ? select.integer(0) : std::int64_t{0};
}

// A full window has room again when the oldest of its newest `most` requests expires.
result<std::int64_t> ledger::full_until(rate_window const& w) {
    statement select(
        database_,
        "SELECT at FROM request WHERE key = ? ORDER BY at DESC LIMIT 1 OFFSET ?",
        settings_.key,
        w.most - 1
    );
    auto const row = select.step();
    if (!row) return row.error();
    return *row ? select.integer(0) + w.length.count() : std::int64_t{0};
}

void ledger::close_until(moment until) {
    auto const done = database_.run(
        "INSERT INTO closed (key, until, since) VALUES (?, ?, ?) ON CONFLICT (key)"
        " DO UPDATE SET until = max(until, excluded.until), since = excluded.since",
        settings_.key,
        to_integer(until),
        now()
    );
    if (!done) give_up(done.error());
}

std::int64_t ledger::now() const { return to_integer(settings_.now()); }

void ledger::give_up(error const& failure) {
    if (!std::exchange(has_failed_, true)) settings_.notes.warning(failure.text());
}

} // namespace acme_dns01::journal
