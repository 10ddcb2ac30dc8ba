#include "journal/ledger.hpp"

#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <fstream>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(journal_ledger)

namespace journal = acme_dns01::journal;
namespace sandbox = acme_dns01::sandbox;
using acme_dns01::rate_window;
using journal::ledger;
using std::chrono::seconds;

namespace {

constexpr ledger::moment start{seconds(1'800'000'000)};
constexpr std::array windows{
    rate_window{seconds(60), 3},
    rate_window{seconds(600), 5},
};

// A ledger whose clock the test moves.
struct counting {
    ledger::moment now = start;
    ledger counts = ledger::in_memory({"a", windows, {}, [this] { return now; }});

    // Seconds from the start until when to wait; 0 where one was counted.
    std::int64_t take(seconds at) {
        now = start + at;
        auto const until = counts.take();
        return until ? std::chrono::duration_cast<seconds>(*until - start).count() : 0;
    }
};

// A folder for ledgers, and the warnings that they gave.
struct ledger_folder {
    sandbox::temporary_folder temporary{"acme-dns01-test"};
    std::filesystem::path file = temporary.path() / "requests.sqlite";
    std::vector<std::string> warnings;

    ledger open(std::string const& key = "a") {
        acme_dns01::log notes;
        notes.warning = [this](std::string const& sentence) { warnings.push_back(sentence); };
        return ledger::open(temporary.path(), {key, windows, notes, [] { return start; }});
    }
};

} // namespace

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

BOOST_AUTO_TEST_CASE(every_key_is_counted_by_itself) {
    ledger_folder f;
    auto a = f.open("a");
    auto b = f.open("b");
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(!a.take());
    BOOST_TEST((a.take() == start + seconds(60)));
    BOOST_TEST(!b.take());
    a.close_until(start + seconds(90));
    BOOST_TEST(!b.take());
}

BOOST_AUTO_TEST_CASE(what_is_closed_opens_at_the_latest_moment_that_was_said) {
    counting c;
    c.counts.close_until(start + seconds(40));
    c.counts.close_until(start + seconds(20));
    BOOST_TEST(c.take(seconds(0)) == 40);
    BOOST_TEST(c.take(seconds(40)) == 0);
}

BOOST_AUTO_TEST_CASE(what_lies_in_the_future_was_written_by_a_wrong_clock) {
    counting c;
    for (auto i = 0; i < 3; ++i)
        c.take(seconds(5000));
    c.counts.close_until(start + seconds(6000));
    BOOST_TEST(c.take(seconds(0)) == 0);
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_by_a_little_loses_nothing) {
    counting c;
    for (auto i = 0; i < 3; ++i)
        c.take(seconds(1));
    BOOST_TEST(c.take(seconds(0)) == 61);
}

BOOST_AUTO_TEST_CASE(others_see_what_was_counted) {
    ledger_folder f;
    auto one = f.open();
    auto other = f.open();
    for (auto* counts : {&one, &other, &one})
        BOOST_TEST(!counts->take());
    BOOST_TEST((other.take() == start + seconds(60)));
    BOOST_TEST((one.take() == start + seconds(60)));
    one.close_until(start + seconds(90));
    BOOST_TEST((other.take() == start + seconds(90)));
}

BOOST_AUTO_TEST_CASE(a_closing_that_was_written_by_a_wrong_clock_is_over) {
    counting c;
    c.now = start + seconds(500);
    c.counts.close_until(start + seconds(550));
    BOOST_TEST(c.take(seconds(0)) == 0);
}

BOOST_AUTO_TEST_CASE(one_that_may_have_arrived_later_expires_later) {
    counting c;
    for (auto const at : {0, 10, 20})
        BOOST_TEST(c.take(seconds(at)) == 0);
    c.now = start + seconds(25);
    c.counts.count_later(start + seconds(5)); // the one at 0
    BOOST_TEST(c.take(seconds(60)) == 70);
    BOOST_TEST(c.take(seconds(70)) == 0);
    BOOST_TEST(c.take(seconds(75)) == 80);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_replaced) {
    ledger_folder f;
    std::ofstream(f.file) << std::string(4096, 'x');
    auto counts = f.open();
    BOOST_TEST(!counts.take());
    BOOST_TEST(f.warnings.empty());
    auto other = f.open();
    BOOST_TEST((!other.take() && !other.take()));
    BOOST_TEST((counts.take() == start + seconds(60)));
}

// SQLite then complains about the table, not about the file.
BOOST_AUTO_TEST_CASE(a_file_with_a_damaged_table_is_replaced) {
    ledger_folder f;
    f.open();
    auto db = journal::database::open(f.file);
    auto const damaged = db.value().execute("PRAGMA writable_schema = ON;"
                                            "UPDATE sqlite_master SET sql = 'CREATE TABLE request'"
                                            " WHERE name = 'request'");
    BOOST_TEST(damaged.has_value());
    auto counts = f.open();
    BOOST_TEST(!counts.take());
    BOOST_TEST(f.warnings.empty());
}

BOOST_AUTO_TEST_CASE(with_an_unusable_file_this_process_is_counted_alone) {
    ledger_folder f;
    std::filesystem::create_directory(f.file);
    auto counts = f.open();
    BOOST_REQUIRE(f.warnings.size() == 1U);
    BOOST_TEST(
        f.warnings[0] ==
        "the journal " + f.file.string() + " cannot be used: unable to open database file"
    );
    for (auto i = 0; i < 3; ++i)
        BOOST_TEST(!counts.take());
    BOOST_TEST((counts.take() == start + seconds(60)));
}

BOOST_AUTO_TEST_CASE(a_ledger_that_fails_later_warns_once_and_stops_nobody) {
    ledger_folder f;
    auto counts = f.open();
    BOOST_TEST(journal::database::open(f.file)->execute("DROP TABLE request").has_value());
    for (auto i = 0; i < 5; ++i)
        BOOST_TEST(!counts.take());
    counts.close_until(start + seconds(90));
    BOOST_TEST(!counts.take());
    BOOST_REQUIRE(f.warnings.size() == 1U);
    BOOST_TEST(f.warnings[0].ends_with(" cannot be used: no such table: request"), f.warnings[0]);
}

BOOST_AUTO_TEST_SUITE_END()
