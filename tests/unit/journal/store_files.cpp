#include "journal/store.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/child_process.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(journal_journal_files)

using namespace acme_dns01;
using namespace acme_dns01::test;
using journal::database;
namespace fs = std::filesystem;

namespace {

constexpr auto move_it_away = "move the file out of the state folder and inspect it with sqlite3";

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

unsigned mode_of(fs::path const& path) {
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

error failure_to_open(fs::path const& folder) {
    auto const opened = journal::store::open(folder);
    BOOST_REQUIRE(!opened);
    BOOST_TEST(to_string(opened.error().kind) == "configuration");
    return opened.error();
}

// A journal of another version, or one that was edited by hand.
void execute(fs::path const& folder, std::string const& sql) {
    BOOST_REQUIRE(database::open(folder / "journal.sqlite").value().execute(sql));
}

struct wide_umask {
    mode_t before = ::umask(0);
    ~wide_umask() { ::umask(before); }
};

// The children start at once, when the parent lets go of the pipe.
bool all_succeed(int children, std::function<bool()> const& work) {
    std::array<int, 2> gate{};
    BOOST_REQUIRE(::pipe(gate.data()) == 0);
    std::vector<pid_t> pids;
    for (int i = 0; i < children; ++i) {
        pids.push_back(child_that([&] {
            ::close(gate[1]);
            char c = 0;
            return ::read(gate[0], &c, 1) == 0 && work();
        }));
    }
    ::close(gate[1]);
    ::close(gate[0]);
    auto all = true;
    for (auto const pid : pids)
        all = succeeded(pid) && all;
    return all;
}

std::string content_of(fs::path const& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool present_and_leave(fs::path const& folder, int rows) {
    auto opened = journal::store::open(folder);
    if (!opened) return false;
    auto const zone = parsed("example.com");
    for (int i = 0; i < rows; ++i) {
        journal::run const owner{"test", this_process(), ""};
        if (!opened->intend({"example.com", zone, zone, std::to_string(i), owner})) return false;
    }
    return true;
}

result<std::vector<journal::entry>> rows_in(fs::path const& folder) {
    auto opened = journal::store::open(folder);
    if (!opened) return opened.error();
    return opened->outstanding();
}

bool present_and_clean(fs::path const& folder) {
    auto opened = journal::store::open(folder);
    if (!opened) return false;
    for (int i = 0; i < 20; ++i) {
        journal::intent const wanted{
            "example.com",
            parsed("example.com"),
            parsed("_acme-challenge.example.com"),
            std::to_string(i),
            {"test", this_process(), ""},
            i};
        auto const key = opened->intend(wanted);
        if (!key || !opened->created(*key, i + 1) || !opened->forget(*key)) return false;
    }
    return true;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_folder_is_made_for_its_owner_alone) {
    wide_umask const all_may;
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    for (auto const* name : {"one", "some/where/deeper", "with/slash/"}) {
        BOOST_TEST_CONTEXT(name) {
            auto const folder = temporary.path() / name;
            BOOST_TEST(journal::store::open(folder).has_value());
            BOOST_TEST(fs::exists(folder / "journal.sqlite"));
            BOOST_TEST(mode_of(folder) == 0700U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_there_stays_as_it_is) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    fs::permissions(temporary.path(), static_cast<fs::perms>(0750));
    BOOST_TEST(journal::store::open(temporary.path()).has_value());
    BOOST_TEST(mode_of(temporary.path()) == 0750U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_named) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    auto const file = temporary.path() / "file";
    sandbox::write_private_file(file, "");
    auto const e = failure_to_open(file / "state");
    BOOST_TEST(
        e.message ==
        "the state folder " + file.string() + "/state cannot be created: Not a directory"
    );
    BOOST_TEST(e.hint == "choose another with --state-dir");
}

BOOST_AUTO_TEST_CASE(a_file_in_the_place_of_the_folder_is_named) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    auto const file = temporary.path() / "file";
    sandbox::write_private_file(file, "");
    BOOST_TEST(
        failure_to_open(file).message ==
        "the journal " + file.string() +
            "/journal.sqlite cannot be used: unable to open database file"
    );
}

BOOST_AUTO_TEST_CASE(a_corrupt_journal_is_named_and_left_alone) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    auto const file = temporary.path() / "journal.sqlite";
    sandbox::write_private_file(file, std::string(5000, 'x'));
    auto const e = failure_to_open(temporary.path());
    BOOST_TEST(
        e.message == "the journal " + file.string() + " cannot be used: file is not a database"
    );
    BOOST_TEST(e.hint == move_it_away);
    BOOST_TEST(fs::file_size(file) == 5000U);
}

BOOST_AUTO_TEST_CASE(what_sqlite_quotes_from_a_damaged_file_is_printable) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    execute(
        temporary.path(),
        "CREATE TABLE x (y); PRAGMA writable_schema = ON;"
        "UPDATE sqlite_master SET name = 'a' || char(27) || '[31m', sql = 'no SQL'"
    );
    auto const e = failure_to_open(temporary.path());
    BOOST_TEST(e.message.find("malformed database schema (a?[31m)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_journal_of_a_newer_version_is_refused_and_left_alone) {
    for (auto const* version : {"6", "2147483647", "-1"}) {
        BOOST_TEST_CONTEXT(version) {
            sandbox::temporary_folder const temporary("acme-dns01-journal");
            auto const file = temporary.path() / "journal.sqlite";
            execute(temporary.path(), "PRAGMA user_version = " + std::string(version));
            auto const before = content_of(file);
            auto const e = failure_to_open(temporary.path());
            BOOST_TEST(
                e.message ==
                "the journal " + file.string() + " contains data of a newer version of acme-dns01"
            );
            BOOST_TEST(e.hint == "use the newer version, or move the file out of the state folder");
            BOOST_TEST((content_of(file) == before));
        }
    }
}

// Either all rows or a failure that names the file, which stays as it is. A file of one byte is
// empty for SQLite, and an empty one is a new journal. Small pages make it short.
BOOST_AUTO_TEST_CASE(a_journal_cut_at_any_byte_is_never_taken_for_another) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    execute(temporary.path(), "PRAGMA page_size = 512; VACUUM");
    BOOST_TEST(present_and_leave(temporary.path(), 3));
    auto const whole = content_of(temporary.path() / "journal.sqlite");
    auto const cut = temporary.path() / "cut";
    auto const file = cut / "journal.sqlite";
    fs::create_directory(cut);
    std::size_t refused = 0;
    for (std::size_t size = 2; size < whole.size(); ++size) {
        sandbox::write_private_file(file, whole.substr(0, size));
        auto const rows = rows_in(cut);
        refused += rows ? 0U : 1U;
        auto const is_right =
            rows ? rows->size() == 3U : rows.error().message.find(file) != std::string::npos;
        if (!is_right) BOOST_ERROR("cut at " << size);
        if (!rows && content_of(file) != whole.substr(0, size)) BOOST_ERROR("written at " << size);
        fs::remove(file);
    }
    BOOST_TEST(refused > whole.size() / 2);
}

BOOST_AUTO_TEST_CASE(a_number_that_cannot_be_is_refused) {
    // id, remaining, since
    for (std::string const numbers :
         {"1, 0, 9223372036854775807",
          "1, 0, -9223372036854775808",
          "1, 0, -1",
          "0, 0, 1",
          "-1, 0, 1",
          "1, -1, 1"}) {
        BOOST_TEST_CONTEXT(numbers) {
            sandbox::temporary_folder const temporary("acme-dns01-journal");
            auto j = journal::store::open(temporary.path()).value();
            execute(
                temporary.path(),
                "INSERT INTO record (state, domain, zone, fqdn, value, client, pid, started,"
                " client_order, id, remaining, since) VALUES ('created', 'a.test', 'a.test',"
                " '_acme-challenge.a.test', 'c', 'd', 1, 'e', 'f', " +
                    numbers + ")"
            );
            auto const rows = j.outstanding();
            BOOST_REQUIRE(!rows);
            BOOST_TEST(rows.error().message.ends_with("contains an invalid row"));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_invalid_row_is_refused_and_the_file_named) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    auto j = journal::store::open(temporary.path()).value();
    execute(
        temporary.path(),
        "INSERT INTO record (state, domain, zone, fqdn, value, client, pid, started, client_order,"
        " remaining, since) VALUES ('created', 'a', 'no name', 'b', 'c', 'd', 1, 'e', 'f', 0, 0)"
    );
    auto const rows = j.outstanding();
    BOOST_REQUIRE(!rows);
    BOOST_TEST(to_string(rows.error().kind) == "configuration");
    BOOST_TEST(rows.error().message.find("an invalid row") != std::string::npos);
    BOOST_TEST(rows.error().message.find(temporary.path() / "journal.sqlite") != std::string::npos);
    BOOST_TEST(rows.error().hint == move_it_away);
}

BOOST_AUTO_TEST_CASE(processes_that_write_at_the_same_time_all_succeed) {
    sandbox::temporary_folder const temporary("acme-dns01-journal");
    BOOST_TEST(journal::store::open(temporary.path()).has_value());
    BOOST_TEST(all_succeed(4, [&] { return present_and_clean(temporary.path()); }));
    auto j = journal::store::open(temporary.path()).value();
    BOOST_TEST(j.outstanding().value().empty());
}

BOOST_AUTO_TEST_CASE(processes_that_make_the_journal_at_the_same_time_all_succeed) {
    for (int round = 0; round < 10; ++round) {
        BOOST_TEST_CONTEXT(round) {
            sandbox::temporary_folder const temporary("acme-dns01-journal");
            auto const folder = temporary.path() / "state";
            BOOST_TEST(all_succeed(4, [&] { return journal::store::open(folder).has_value(); }));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_test_whether_it_can_be_written_writes_nothing) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    auto opened = journal::store::open(folder.path());
    BOOST_REQUIRE(opened);
    BOOST_TEST(opened->check_writable().has_value());
    BOOST_TEST(!opened->zones_of("").value().has_value());
    execute(
        folder.path(),
        "CREATE TRIGGER full BEFORE INSERT ON account_zones BEGIN SELECT "
        "RAISE(ABORT, 'disk full'); END"
    );
    BOOST_TEST(!opened->check_writable().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
