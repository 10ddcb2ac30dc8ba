#include "journal/store.hpp"

#include "base/text.hpp"
#include "journal/schema.hpp"

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <stdexcept>
#include <sys/stat.h>

namespace acme_dns01::journal {

BOOST_DESCRIBE_ENUM(state, planned, intended, created, removing)
BOOST_DESCRIBE_ENUM(possible_copies, none, possible, late)

namespace {

using std::chrono::system_clock;

result<entry> entry_of(database const& db, statement const& row) {
    auto at = state::intended;
    auto others = possible_copies::none;
    auto const is_known = boost::describe::enum_from_string(row.text(1).c_str(), at) &&
                          boost::describe::enum_from_string(row.text(13).c_str(), others);
    auto const zone = dns::name::parse(row.text(3));
    auto const fqdn = dns::name::parse(row.text(4));
    auto const since = to_moment(row.integer(12));
    auto const id = row.optional_integer(6);
    auto const is_counted = id.value_or(1) > 0 && row.integer(11) >= 0;
    if (!is_known || !zone || !fqdn || !since || !is_counted) return damaged(db, "an invalid row");
    entry e;
    e.key = row.integer(0);
    e.at = at;
    e.domain = row.text(2);
    e.zone = *zone;
    e.fqdn = *fqdn;
    e.value = row.text(5);
    e.id = id;
    process_id const process{static_cast<long>(row.integer(8)), row.text(9), row.text(15)};
    e.owner = {row.text(7), process, row.text(10)};
    e.remaining = row.integer(11);
    e.since = *since;
    e.others = others;
    e.account = row.text(14);
    e.last_cleanup_follows = row.integer(16) != 0;
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

result<std::int64_t> insert(database& db, intent const& i) {
    auto const done = db.run(
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
    return db.last_key();
}

} // namespace

std::string_view to_string(state s) { return boost::describe::enum_to_string(s, ""); }

result<store> store::open(std::filesystem::path const& folder) {
    auto const made = make_folder(folder);
    if (!made) return made.error();
    auto db = database::open(folder / "journal.sqlite");
    if (!db) return db.error();
    store opened(std::move(*db), folder);
    auto const prepared = prepare_tables(opened.database_);
    if (!prepared) return prepared.error();
    return opened;
}

store store::in_memory() {
    store opened(database::in_memory(), {});
    auto const prepared = prepare_tables(opened.database_);
    if (!prepared) throw std::runtime_error(prepared.error().message);
    return opened;
}

void store::tell() {
    if (watcher_) watcher_(left_);
}

void store::take_up(entry const& record) {
    auto const is_same = [&](entry const& known) {
        auto const has_id = record.id && known.zone == record.zone && known.id == record.id;
        return has_id || (record.key != no_row && known.key == record.key);
    };
    if (std::ranges::none_of(left_, is_same)) left_.push_back(record);
    tell();
}

void store::drop(dns::name const& zone, std::int64_t id) {
    std::erase_if(left_, [&](entry const& known) { return known.zone == zone && known.id == id; });
    tell();
}

result<void> store::check_writable() {
    auto is_written = false;
    auto const rolled_back = database_.in_transaction([&]() -> result<void> {
        auto const done = remember_zones("", {});
        is_written = done.has_value();
        return done ? result<void>(error()) : done;
    });
    return is_written ? result<void>() : rolled_back;
}

// Most processes have nothing to do with plans, and do not open their file.
bool store::has_plans() const {
    std::error_code ec;
    return plans_ || (is_durable() && std::filesystem::exists(plans::file_in(folder_), ec));
}

result<plans*> store::open_plans() {
    if (!plans_ && !is_durable()) plans_ = plans::in_memory();
    if (!plans_) {
        auto opened = plans::open(folder_);
        if (!opened) return opened.error();
        plans_ = std::move(*opened);
    }
    return &*plans_;
}

result<void> store::plan(std::vector<intent> const& wanted) {
    auto const planned = open_plans();
    return planned ? (*planned)->add(wanted) : planned.error();
}

result<void> store::forget_planned(std::int64_t key) {
    if (key == no_row || !has_plans()) return {};
    auto const planned = open_plans();
    return planned ? (*planned)->forget(key) : planned.error();
}

result<void> store::plan_removal(std::int64_t key) {
    if (key == no_row) return {};
    auto const planned = open_plans();
    return planned ? (*planned)->add_removal(key) : planned.error();
}

result<void> store::expect_last_cleanup(run const& owner) {
    return database_.run(
        "UPDATE record SET last_cleanup_follows = 1 WHERE client = ? AND pid = ? AND started = ?"
        " AND place = ? AND client_order = ?",
        owner.client,
        std::int64_t{owner.process.pid},
        owner.process.started,
        owner.process.place,
        owner.order
    );
}

result<std::int64_t> store::write_intent(intent const& i) { return insert(database_, i); }

void store::note_intent(intent const& i, std::int64_t key, std::optional<std::int64_t> id) {
    entry intended;
    static_cast<intent&>(intended) = i;
    intended.key = key;
    intended.id = id;
    take_up(intended);
}

result<std::int64_t> store::intend(intent const& i) {
    auto const key = write_intent(i);
    note_intent(i, key ? *key : no_row);
    return key;
}

void store::note_created(std::int64_t key, std::int64_t id) {
    for (auto& known : left_) {
        if (known.key == key && !known.id) known.id = id;
    }
    tell();
}

result<void> store::write_created(std::int64_t key, std::int64_t id, possible_copies others) {
    if (key == no_row) return {};
    auto const* const copies = boost::describe::enum_to_string(others, "");
    return database_.run(
        "UPDATE record SET state = 'created', id = ?, twins = ? WHERE key = ?", id, copies, key
    );
}

result<void> store::created(std::int64_t key, std::int64_t id, possible_copies others) {
    note_created(key, id);
    return write_created(key, id, others);
}

result<void> store::removing(std::int64_t key) {
    if (key == no_row) return {};
    return database_.run("UPDATE record SET state = 'removing' WHERE key = ?", key);
}

result<bool> store::claim(entry const& seen) {
    auto const done = database_.run(
        "UPDATE record SET state = 'removing'"
        " WHERE key = ? AND id IS ? AND since = ? AND (state = ? OR ?)",
        seen.key,
        seen.id,
        to_integer(seen.since),
        to_string(seen.at),
        std::int64_t{seen.at == state::removing} // or its removal is planned
    );
    if (!done) return done.error();
    return database_.changed_rows() > 0;
}

result<std::optional<std::int64_t>> store::write_adoption(entry const& known, intent const& i) {
    std::optional<std::int64_t> key;
    auto const done = database_.in_transaction([&]() -> result<void> {
        auto const claimed = claim(known);
        if (!claimed) return claimed.error();
        if (!*claimed) return {};
        auto const added = write_intent(i);
        if (!added) return added.error();
        key = *added;
        auto const completed = write_created(*added, known.id.value_or(0), known.others);
        if (!completed) return completed.error();
        return write_forgotten(known.key);
    });
    if (!done) return done.error();
    return key;
}

// If the row could not be written, the record serves the challenge all the same.
void store::note_adoption(
    entry const& known, intent const& i, result<std::optional<std::int64_t>> const& key
) {
    auto const is_lost = key && !*key;
    if (is_lost) return;
    note_intent(i, key ? **key : no_row, known.id);
    if (key) note_forgotten(known.key);
}

result<std::optional<std::int64_t>> store::adopt(entry const& known, intent const& i) {
    auto const key = write_adoption(known, i);
    note_adoption(known, i, key);
    return key;
}

void store::note_forgotten(std::int64_t key) {
    std::erase_if(left_, [&](entry const& known) {
        return known.key == key && !(key == no_row && known.id);
    });
    tell();
}

result<void> store::write_forgotten(std::int64_t key) {
    if (key == no_row) return {};
    return database_.run("DELETE FROM record WHERE key = ?", key);
}

result<void> store::forget(std::int64_t key) {
    note_forgotten(key);
    return write_forgotten(key);
}

// The plans are read before the rows. A row whose removal was planned, and which is not there, has
// been removed then: keys are never used twice.
result<std::vector<entry>> store::outstanding() {
    if (!has_plans()) return rows(false);
    auto const planned = open_plans();
    if (!planned) return planned.error();
    auto const to_create = (*planned)->all();
    if (!to_create) return to_create;
    auto done = (*planned)->removals();
    if (!done) return done.error();
    auto all = rows(false);
    if (!all) return all;
    for (auto& row : *all) {
        if (std::erase(*done, row.key) > 0) row.at = state::removing;
    }
    if (!done->empty()) {
        auto const forgotten = (*planned)->forget_removals(*done);
        if (!forgotten) return forgotten.error();
    }
    all->insert(all->end(), to_create->begin(), to_create->end());
    return all;
}

result<std::vector<entry>> store::standing() { return rows(true); }

// Chosen here and not by SQL, which takes a damaged row for one that does not match.
result<std::vector<entry>> store::rows(bool are_standing) {
    statement select(
        database_,
        "SELECT key, state, domain, zone, fqdn, value, id, client, pid, started, client_order,"
        " remaining, since, twins, account, place, last_cleanup_follows FROM record ORDER BY key"
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
