#include "journal/ledger.hpp"

#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <fstream>

using namespace acme_dns01;
using journal::ledger;
using std::chrono::seconds;

namespace {

constexpr ledger::moment start{seconds(1'800'000'000)};
constexpr std::array windows{
    journal::window{seconds(60), 3},
    journal::window{seconds(600), 5},
};

// A ledger whose clock the test moves.
struct counting {
    ledger::moment now = start;
    ledger counts = ledger::in_memory([this] { return now; });

    // Seconds from the start until when to wait; 0 where one was counted.
    std::int64_t take(seconds at, std::string_view key = "a") {
        now = start + at;
        auto const until = counts.take(key, windows).value();
        return until ? std::chrono::duration_cast<seconds>(*until - start).count() : 0;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(journal_ledger)

BOOST_AUTO_TEST_CASE(each_one_expires_by_itself) {
    counting c;
    for (auto const at : {0, 10, 20})
        BOOST_TEST(c.take(seconds(at)) == 0);
    BOOST_TEST(c.take(seconds(30)) == 60);
    BOOST_TEST(c.take(seconds(59)) == 60);
    BOOST_TEST(c.take(seconds(60)) == 0);
    BOOST_TEST(c.take(seconds(60)) == 70);
    BOOST_TEST(c.take(seconds(70)) == 0);
    // Five within ten minutes: the longer window is full.
    BOOST_TEST(c.take(seconds(300)) == 600);
    BOOST_TEST(c.take(seconds(600)) == 0);
}

BOOST_AUTO_TEST_CASE(keys_do_not_know_of_each_other) {
    counting c;
    for (auto i = 0; i < 3; ++i)
        c.take(seconds(0), "a");
    BOOST_TEST(c.take(seconds(0), "a") == 60);
    BOOST_TEST(c.take(seconds(0), "b") == 0);
}

BOOST_AUTO_TEST_CASE(what_is_closed_opens_at_the_latest_moment_that_was_said) {
    counting c;
    BOOST_REQUIRE(c.counts.close_until("a", start + seconds(40)));
    BOOST_REQUIRE(c.counts.close_until("a", start + seconds(20)));
    BOOST_TEST(c.take(seconds(0)) == 40);
    BOOST_TEST(c.take(seconds(0), "b") == 0);
    BOOST_TEST(c.take(seconds(40)) == 0);
}

BOOST_AUTO_TEST_CASE(what_lies_in_the_future_was_written_by_a_wrong_clock) {
    counting c;
    for (auto i = 0; i < 3; ++i)
        c.take(seconds(5000));
    BOOST_REQUIRE(c.counts.close_until("a", start + seconds(6000)));
    BOOST_TEST(c.take(seconds(0)) == 0);
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_by_a_little_loses_nothing) {
    counting c;
    for (auto i = 0; i < 3; ++i)
        c.take(seconds(1));
    BOOST_TEST(c.take(seconds(0)) == 61);
}

BOOST_AUTO_TEST_CASE(others_see_what_was_counted) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    auto one = ledger::open(folder.path(), [] { return start; }).value();
    auto other = ledger::open(folder.path(), [] { return start; }).value();
    for (auto* counts : {&one, &other, &one})
        BOOST_TEST(!counts->take("a", windows).value());
    BOOST_TEST((other.take("a", windows).value() == start + seconds(60)));
    BOOST_TEST((one.take("a", windows).value() == start + seconds(60)));
}

BOOST_AUTO_TEST_CASE(a_closing_that_was_written_by_a_wrong_clock_is_over) {
    counting c;
    c.now = start + seconds(500);
    BOOST_REQUIRE(c.counts.close_until("a", start + seconds(550)));
    BOOST_TEST(c.take(seconds(0)) == 0);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_begun_anew) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    std::ofstream(folder.path() / "requests.sqlite") << std::string(4096, 'x');
    auto counts = ledger::open(folder.path());
    BOOST_REQUIRE(counts);
    BOOST_TEST(!counts->take("a", windows).value());
}

// SQLite then speaks of the table, and not of the file.
BOOST_AUTO_TEST_CASE(a_file_with_a_damaged_table_is_begun_anew) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    BOOST_TEST(ledger::open(folder.path()).has_value());
    auto db = journal::database::open(folder.path() / "requests.sqlite");
    auto const damaged = db.value().execute("PRAGMA writable_schema = ON;"
                                            "UPDATE sqlite_master SET sql = 'CREATE TABLE request'"
                                            " WHERE name = 'request'");
    BOOST_TEST(damaged.has_value());
    auto counts = ledger::open(folder.path());
    BOOST_REQUIRE(counts);
    BOOST_TEST(!counts->take("a", windows).value());
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_opened_is_named) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    std::filesystem::create_directory(folder.path() / "requests.sqlite");
    auto const opened = ledger::open(folder.path());
    BOOST_REQUIRE(!opened);
    BOOST_TEST((opened.error().kind == error_kind::configuration));
    BOOST_TEST(opened.error().message.find("requests.sqlite") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
