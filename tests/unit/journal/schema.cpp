#include "journal/schema.hpp"

#include "journal/store.hpp"
#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

BOOST_AUTO_TEST_SUITE(journal_schema)

using namespace acme_dns01;
using journal::database;
namespace fs = std::filesystem;

namespace {

// A journal of an older version.
void execute(fs::path const& folder, std::string const& sql) {
    BOOST_REQUIRE(database::open(folder / "journal.sqlite").value().execute(sql));
}

// Of versions 3 and 4, but for the end.
std::string table_with(std::string const& states) {
    return "CREATE TABLE record (key INTEGER PRIMARY KEY AUTOINCREMENT,"
           " state TEXT NOT NULL CHECK (state IN (" +
           states +
           ")), domain TEXT NOT NULL, zone TEXT NOT NULL, fqdn TEXT NOT NULL, value TEXT NOT NULL,"
           " id INTEGER, client TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL,"
           " client_order TEXT NOT NULL, remaining INTEGER NOT NULL, since INTEGER NOT NULL,"
           " twins TEXT NOT NULL DEFAULT 'none', account TEXT NOT NULL DEFAULT '',"
           " place TEXT NOT NULL DEFAULT ''";
}

} // namespace

BOOST_AUTO_TEST_CASE(a_journal_of_the_first_version_is_taken_over_with_its_rows) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    execute(
        temporary.path(),
        "CREATE TABLE record (key INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL,"
        " domain TEXT NOT NULL, zone TEXT NOT NULL, fqdn TEXT NOT NULL, value TEXT NOT NULL,"
        " id INTEGER, client TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL,"
        " client_order TEXT NOT NULL, remaining INTEGER NOT NULL, since INTEGER NOT NULL);"
        "CREATE TABLE account_zones (account TEXT PRIMARY KEY, zones TEXT NOT NULL,"
        " since INTEGER NOT NULL);"
        "INSERT INTO record VALUES (7, 'created', 'example.com', 'example.com',"
        " '_acme-challenge.example.com', 'value', 42, 'certbot', 1, 'then', '', 0, 1000);"
        "INSERT INTO account_zones VALUES ('a', 'example.com', 1000);"
        "PRAGMA user_version = 1;"
    );
    auto j = journal::store::open(temporary.path()).value();
    auto const rows = j.outstanding().value();
    BOOST_REQUIRE(rows.size() == 1U);
    BOOST_TEST(rows.front().id.value() == 42);
    BOOST_TEST((rows.front().others == journal::possible_copies::none));
    BOOST_TEST(rows.front().account == "");
    BOOST_TEST((state_of(rows.front().owner.process) == process_state::elsewhere));
    BOOST_TEST(j.zones_of("a").value().value().is_complete);
    BOOST_REQUIRE(j.created(7, 43, journal::possible_copies::late));
    BOOST_TEST((j.outstanding().value().front().others == journal::possible_copies::late));
    BOOST_REQUIRE(j.remember_zones("b", {{}, false, {}}));
    BOOST_TEST(!j.zones_of("b").value().value().is_complete);
}

BOOST_AUTO_TEST_CASE(a_journal_of_the_second_version_keeps_its_rows) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    execute(
        temporary.path(),
        "CREATE TABLE record (key INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL,"
        " domain TEXT NOT NULL, zone TEXT NOT NULL, fqdn TEXT NOT NULL, value TEXT NOT NULL,"
        " id INTEGER, client TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL,"
        " client_order TEXT NOT NULL, remaining INTEGER NOT NULL, since INTEGER NOT NULL,"
        " twins TEXT NOT NULL DEFAULT 'none', account TEXT NOT NULL DEFAULT '');"
        "INSERT INTO record VALUES (7, 'created', 'example.com', 'example.com',"
        " '_acme-challenge.example.com', 'value', 42, 'certbot', 1, 'boot:1', '', 0, 1000, 'late',"
        " 'a');"
        "PRAGMA user_version = 2;"
    );
    auto j = journal::store::open(temporary.path()).value();
    auto const row = j.outstanding().value().front();
    BOOST_TEST(row.account == "a");
    BOOST_TEST((row.others == journal::possible_copies::late));
    BOOST_TEST((state_of(row.owner.process) == process_state::elsewhere));
    journal::intent wanted = row;
    wanted.owner.process = this_process();
    BOOST_REQUIRE(j.intend(wanted));
    BOOST_TEST((j.outstanding().value().back().owner.process == this_process()));
}

BOOST_AUTO_TEST_CASE(a_journal_of_the_third_version_keeps_its_rows_and_keys) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    execute(
        temporary.path(),
        table_with("'intended', 'created', 'removing'") +
            ");"
            "INSERT INTO record VALUES (7, 'removing', 'example.com', 'example.com',"
            " '_acme-challenge.example.com', 'value', 42, 'certbot', 1, '1', '', 2, 1000, 'late',"
            " 'a', 'here');"
            "INSERT INTO record VALUES (11, 'created', '', '', '', '', 0, '', 1, '', '', 0, 0, "
            "'none',"
            " '', '');"
            "DELETE FROM record WHERE key = 11;"
            "PRAGMA user_version = 3;"
    );
    auto j = journal::store::open(temporary.path()).value();
    auto const rows = j.outstanding().value();
    BOOST_REQUIRE(rows.size() == 1U);
    auto const& row = rows.front();
    BOOST_TEST(row.key == 7);
    BOOST_TEST((row.at == journal::state::removing));
    BOOST_TEST(row.id.value() == 42);
    BOOST_TEST(row.remaining == 2);
    BOOST_TEST(row.account == "a");
    BOOST_TEST(row.owner.process.place == "here");
    BOOST_TEST((row.others == journal::possible_copies::late));
    BOOST_TEST(!row.last_cleanup_follows);
    // Keys are not used again.
    BOOST_TEST(j.intend(row).value() == 12);
}

// A plan has asked for nothing.
BOOST_AUTO_TEST_CASE(a_journal_of_the_fourth_version_keeps_its_rows_and_forgets_plans) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    execute(
        temporary.path(),
        table_with("'planned', 'intended', 'created', 'removing'") +
            ", last_cleanup_follows INTEGER NOT NULL DEFAULT 0);"
            "INSERT INTO record VALUES (7, 'created', 'example.com', 'example.com',"
            " '_acme-challenge.example.com', 'value', 42, 'certbot', 1, '1', '', 2, 1000, 'none',"
            " 'a', 'here', 1);"
            "INSERT INTO record VALUES (8, 'planned', 'example.com', '',"
            " '_acme-challenge.example.com', 'value', NULL, 'certbot', 1, '1', '', 1, 1000, 'none',"
            " '', 'here', 0);"
            "PRAGMA user_version = 4;"
    );
    auto j = journal::store::open(temporary.path()).value();
    auto const rows = j.outstanding().value();
    BOOST_REQUIRE(rows.size() == 1U);
    BOOST_TEST(rows.front().id.value() == 42);
    BOOST_TEST(rows.front().last_cleanup_follows);
    BOOST_TEST(j.intend(rows.front()).value() == 9);
}

BOOST_AUTO_TEST_SUITE_END()
