#include "journal/database.hpp"

#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

BOOST_AUTO_TEST_SUITE(journal_database)

using namespace acme_dns01;
using namespace acme_dns01::journal;

namespace {

constexpr auto hint =
    "check the folder's permissions and free space, or choose another with --state-dir";

void check_failure(
    error const& e, std::string const& message, std::string const& expected_hint = hint
) {
    BOOST_TEST(to_string(e.kind) == "configuration");
    BOOST_TEST(e.message == message);
    BOOST_TEST(e.hint == expected_hint);
}

} // namespace

BOOST_AUTO_TEST_CASE(values_come_back_as_they_were_bound) {
    auto db = database::in_memory();
    BOOST_TEST(db.execute("CREATE TABLE t (a INTEGER, b TEXT, c INTEGER, d INTEGER)").has_value());
    std::string const text = "it's \"quoted\";\nDROP TABLE t; -- \xc3\xbc";
    statement insert(db, "INSERT INTO t VALUES (?, ?, ?, ?)");
    insert.bind(std::int64_t{1} << 62).bind(text);
    insert.bind(std::optional<std::int64_t>()).bind(std::optional<std::int64_t>(-7));
    BOOST_TEST(insert.run().has_value());
    BOOST_TEST(db.last_key() == 1);
    statement select(db, "SELECT a, b, c, d FROM t");
    BOOST_TEST(select.step().value());
    BOOST_TEST(select.integer(0) == std::int64_t{1} << 62);
    BOOST_TEST(select.text(1) == text);
    BOOST_TEST(!select.optional_integer(2));
    BOOST_TEST(select.optional_integer(3).value() == -7);
    BOOST_TEST(!select.step().value());
}

BOOST_AUTO_TEST_CASE(null_reads_as_an_empty_text) {
    auto db = database::in_memory();
    statement select(db, "SELECT NULL");
    BOOST_TEST(select.step().value());
    BOOST_TEST(select.text(0).empty());
}

BOOST_AUTO_TEST_CASE(an_empty_text_is_not_null) {
    auto db = database::in_memory();
    statement select(db, "SELECT ? IS NULL, ? IS NULL");
    select.bind(std::string_view("")).bind(std::string_view());
    BOOST_TEST(select.step().value());
    BOOST_TEST(select.integer(0) == 0);
    BOOST_TEST(select.integer(1) == 0);
}

BOOST_AUTO_TEST_CASE(a_statement_that_does_not_compile_says_so_when_it_runs) {
    auto db = database::in_memory();
    statement bad(db, "SELECT nonsense");
    auto const row = bad.bind(std::int64_t{1}).step();
    BOOST_REQUIRE(!row);
    BOOST_TEST(row.error().message.starts_with("the journal a database in memory cannot be used: ")
    );
    BOOST_TEST(to_string(row.error().kind) == "configuration");
}

BOOST_AUTO_TEST_CASE(a_violated_constraint_is_a_failure) {
    auto db = database::in_memory();
    BOOST_TEST(db.execute("CREATE TABLE t (a TEXT NOT NULL)").has_value());
    auto const done = statement(db, "INSERT INTO t VALUES (NULL)").run();
    BOOST_REQUIRE(!done);
    check_failure(
        done.error(),
        "the journal a database in memory cannot be used: NOT NULL constraint failed: t.a"
    );
}

BOOST_AUTO_TEST_CASE(a_transaction_within_another_undoes_only_its_own_part) {
    auto db = database::in_memory();
    BOOST_TEST(db.execute("CREATE TABLE t (a TEXT)").has_value());
    auto const add = [&](char const* name) { return db.run("INSERT INTO t VALUES (?)", name); };
    auto const failing = [&](char const* name) {
        auto const added = add(name);
        return added ? result<void>(error{.message = "it fails"}) : added;
    };
    auto const both = [&](bool fails) {
        return db.in_transaction([&] {
            auto const inner = db.in_transaction([&] {
                auto const innermost = db.in_transaction([&] { return failing("innermost"); });
                BOOST_TEST(innermost.error().message == "it fails");
                return add("inner");
            });
            BOOST_TEST(inner.has_value());
            BOOST_TEST(db.in_transaction([&] { return failing("second"); }).has_error());
            return fails ? failing("outer") : add("outer");
        });
    };
    auto const names = [&] {
        statement all(db, "SELECT group_concat(a) FROM t");
        BOOST_TEST(all.step().value());
        return all.text(0);
    };
    BOOST_TEST(both(true).error().message == "it fails");
    BOOST_TEST(names() == "");
    BOOST_TEST(both(false).has_value());
    BOOST_TEST(names() == "inner,outer");
    BOOST_TEST(!db.is_in_transaction());
}

BOOST_AUTO_TEST_CASE(a_commit_that_a_reader_stops_leaves_no_transaction_open) {
    sandbox::temporary_folder const folder("acme-dns01-database");
    auto db = database::open(folder.path() / "journal.sqlite").value();
    BOOST_TEST(db.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)").has_value());
    auto const add = [&] { return db.run("INSERT INTO t VALUES (2)"); };
    auto other = database::open(folder.path() / "journal.sqlite").value();
    {
        statement reader(other, "SELECT a FROM t");
        BOOST_TEST(reader.step().value());
        // It shortens the next wait.
        static_cast<void>(db.failure(SQLITE_BUSY));
        auto const done = db.in_transaction(add);
        BOOST_REQUIRE(!done);
        BOOST_TEST(done.error().message.ends_with(" cannot be used: database is locked"));
        BOOST_TEST(!db.is_in_transaction());
    }
    BOOST_TEST(db.in_transaction(add).has_value());
    statement count(other, "SELECT count(*) FROM t");
    BOOST_TEST(count.step().value());
    BOOST_TEST(count.integer(0) == 2);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_is_named) {
    sandbox::temporary_folder const folder("acme-dns01-database");
    auto const file = folder.path() / "journal.sqlite";
    sandbox::write_private_file(file, std::string(5000, 'x'));
    auto db = database::open(file);
    auto const done = db ? db->execute("CREATE TABLE t (a)") : result<void>(db.error());
    BOOST_REQUIRE(!done);
    check_failure(
        done.error(),
        "the journal " + file.string() + " cannot be used: file is not a database",
        "move the file out of the state folder and inspect it with sqlite3"
    );
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_opened_is_named) {
    sandbox::temporary_folder const folder("acme-dns01-database");
    for (auto const& file : {folder.path(), folder.path() / "missing" / "journal.sqlite"}) {
        BOOST_TEST_CONTEXT(file) {
            auto const db = database::open(file);
            BOOST_REQUIRE(!db);
            check_failure(
                db.error(),
                "the journal " + file.string() + " cannot be used: unable to open database file"
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(a_hint_fits_the_cause) {
    auto const db = database::in_memory();
    BOOST_TEST(
        db.failure(SQLITE_CORRUPT).hint ==
        "move the file out of the state folder and inspect it with sqlite3"
    );
    BOOST_TEST(db.failure(SQLITE_BUSY).hint == "try again when the process that uses it has ended");
    BOOST_TEST(
        db.failure(SQLITE_FULL).hint ==
        "check the folder's permissions and free space, or choose another with --state-dir"
    );
}

BOOST_AUTO_TEST_SUITE_END()
