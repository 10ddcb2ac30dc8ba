#include "journal/database.hpp"

#include "base/shortage.hpp"
#include "base/text.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace acme_dns01::journal {

using std::chrono::milliseconds;
using std::chrono::system_clock;

namespace {

// SQLITE_TRANSIENT, whose C cast the compiler warns about.
sqlite3_destructor_type transient() {
    return reinterpret_cast<sqlite3_destructor_type>(static_cast<std::intptr_t>(-1));
}

char const* hint_for(error const& failure) {
    if (database::is_damage(failure))
        return "move the file out of the state folder and inspect it with sqlite3";
    if ((failure.code & 0xff) == SQLITE_BUSY)
        return "try again when the process that uses it has ended";
    return "check the folder's permissions and free space, or choose another with --state-dir";
}

bool is_about_the_file(error const& failure) {
    auto const primary = failure.code & 0xff;
    return primary == SQLITE_CANTOPEN || primary == SQLITE_IOERR;
}

} // namespace

std::int64_t to_integer(system_clock::time_point moment) {
    return std::chrono::duration_cast<milliseconds>(moment.time_since_epoch()).count();
}

std::optional<system_clock::time_point> to_moment(std::int64_t number) {
    if (number < 0 || number > to_integer(system_clock::time_point::max())) return std::nullopt;
    return system_clock::time_point(milliseconds(number));
}

void statement::finalizer::operator()(sqlite3_stmt* handle) const { ::sqlite3_finalize(handle); }

void statement::prepare(std::string_view sql) {
    sqlite3_stmt* handle = nullptr;
    auto const size = static_cast<int>(sql.size());
    note(::sqlite3_prepare_v2(database_.handle_.get(), sql.data(), size, &handle, nullptr));
    handle_.reset(handle);
}

void statement::note(int code) {
    if (failure_ == SQLITE_OK && code != SQLITE_OK) failure_ = code;
}

statement& statement::bind(std::int64_t value) {
    note(::sqlite3_bind_int64(handle_.get(), next_++, value));
    return *this;
}

statement& statement::bind(std::string_view value) {
    auto const size = static_cast<int>(value.size());
    auto const* data = value.data() == nullptr ? "" : value.data();
    note(::sqlite3_bind_text(handle_.get(), next_++, data, size, transient()));
    return *this;
}

statement& statement::bind(std::optional<std::int64_t> value) {
    if (value) return bind(*value);
    note(::sqlite3_bind_null(handle_.get(), next_++));
    return *this;
}

result<bool> statement::step() {
    if (failure_ != SQLITE_OK) return database_.failure(failure_);
    auto const code = ::sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return database_.failure(code);
}

result<void> statement::run() {
    auto const row = step();
    if (!row) return row.error();
    return {};
}

std::int64_t statement::integer(int column) const {
    return ::sqlite3_column_int64(handle_.get(), column);
}

std::optional<std::int64_t> statement::optional_integer(int column) const {
    if (::sqlite3_column_type(handle_.get(), column) == SQLITE_NULL) return std::nullopt;
    return integer(column);
}

std::string statement::text(int column) const {
    auto const* text = reinterpret_cast<char const*>(::sqlite3_column_text(handle_.get(), column));
    return text == nullptr ? std::string() : std::string(text);
}

void database::closer::operator()(sqlite3* handle) const { ::sqlite3_close_v2(handle); }

result<database> database::open(std::filesystem::path const& file, purpose what_for) {
    auto const lasting = what_for == purpose::lasting;
    auto const is_hurried = what_for == purpose::counting;
    sqlite3* raw = nullptr;
    auto const flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    auto const code = ::sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
    database db(std::unique_ptr<sqlite3, closer>(raw), file.string());
    if (code != SQLITE_OK) return db.failure(code);
    if (::sqlite3_db_readonly(raw, "main") == 1) return db.failure(SQLITE_READONLY);
    ::sqlite3_busy_timeout(raw, is_hurried ? busy_limit_counting_ms : busy_limit_ms);
    auto const prepared = db.execute(
        lasting ? "PRAGMA journal_mode=PERSIST; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                : "PRAGMA journal_mode=PERSIST; PRAGMA synchronous=OFF;"
    );
    if (!prepared) return prepared.error();
    return db;
}

result<database>
database::open_or_replace(std::filesystem::path const& file, purpose what_for, char const* tables) {
    auto const open_whole = [&]() -> result<database> {
        auto db = open(file, what_for);
        if (!db) return db;
        // A wrong count costs little, and its file may be large.
        auto const checked = what_for == purpose::counting ? result<void>() : db->check_pages();
        if (!checked) return checked.error();
        auto const prepared = db->execute(tables);
        if (!prepared) return prepared.error();
        return db;
    };
    auto opened = open_whole();
    if (opened || !is_damage(opened.error())) return opened;
    std::error_code ec;
    std::filesystem::remove(file, ec);
    std::filesystem::remove(file.string() + "-journal", ec);
    return open_whole();
}

database database::in_memory() {
    sqlite3* raw = nullptr;
    auto const code = ::sqlite3_open(":memory:", &raw);
    database db(std::unique_ptr<sqlite3, closer>(raw), "a database in memory");
    if (code != SQLITE_OK) throw std::runtime_error(db.failure(code).message);
    return db;
}

result<void> database::execute(std::string const& sql) {
    auto const code = ::sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failure(code);
    return {};
}

result<void> database::check_pages() {
    statement check(*this, "PRAGMA quick_check(1)");
    auto const row = check.step();
    if (!row) return row.error();
    return check.text(0) == "ok" ? result<void>() : failure(SQLITE_CORRUPT);
}

bool database::is_in_transaction() const { return ::sqlite3_get_autocommit(handle_.get()) == 0; }

result<void> database::in_transaction(std::function<result<void>()> const& work) {
    if (is_in_transaction()) return in_savepoint(work);
    auto const locked = execute("BEGIN IMMEDIATE");
    if (!locked) return locked.error();
    auto const worked = work();
    auto const done = worked ? execute("COMMIT") : worked;
    // The reason to report is why the work or the commit failed. A commit that another process's
    // lock has stopped would leave the transaction open.
    if (!done && is_in_transaction()) static_cast<void>(execute("ROLLBACK"));
    return done;
}

// Some failures, such as a full disk, end the whole transaction: then there is no savepoint to go
// back to.
result<void> database::in_savepoint(std::function<result<void>()> const& work) {
    auto const marked = execute("SAVEPOINT inner");
    if (!marked) return marked.error();
    auto const worked = work();
    if (worked) return execute("RELEASE inner");
    if (is_in_transaction()) static_cast<void>(execute("ROLLBACK TO inner; RELEASE inner"));
    return worked.error();
}

std::int64_t database::last_key() const { return ::sqlite3_last_insert_rowid(handle_.get()); }

int database::changed_rows() const { return ::sqlite3_changes(handle_.get()); }

bool database::is_damage(error const& failure) {
    auto const primary = failure.code & 0xff;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

error database::failure(int code) const {
    auto const known = handle_ && ::sqlite3_errcode(handle_.get()) == (code & 0xff);
    auto const* why = known ? ::sqlite3_errmsg(handle_.get()) : ::sqlite3_errstr(code);
    error failure{.kind = error_kind::configuration, .code = code};
    // One long wait is enough for a process that keeps the lock.
    if ((code & 0xff) == SQLITE_BUSY) ::sqlite3_busy_timeout(handle_.get(), busy_limit_again_ms);
    failure.message = "the journal " + file_ + " cannot be used: " + printable(why, 200);
    auto const system =
        std::error_code(::sqlite3_system_errno(handle_.get()), std::generic_category());
    auto const shortage = is_about_the_file(failure) ? hint_for_shortage(system) : "";
    failure.hint = shortage.empty() ? hint_for(failure) : shortage;
    return failure;
}

} // namespace acme_dns01::journal
