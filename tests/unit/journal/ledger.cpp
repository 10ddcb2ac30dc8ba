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

// Seconds from the start until when to wait; 0 where one was counted.
std::int64_t take(ledger& counts, seconds at, std::string_view key = "a") {
    auto const until = counts.take(key, windows, start + at).value();
    return until ? std::chrono::duration_cast<seconds>(*until - start).count() : 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(journal_ledger)

BOOST_AUTO_TEST_CASE(each_one_expires_by_itself) {
    auto counts = ledger::in_memory();
    for (auto const at : {0, 10, 20})
        BOOST_TEST(take(counts, seconds(at)) == 0);
    BOOST_TEST(take(counts, seconds(30)) == 60);
    BOOST_TEST(take(counts, seconds(59)) == 60);
    BOOST_TEST(take(counts, seconds(60)) == 0);
    BOOST_TEST(take(counts, seconds(60)) == 70);
    BOOST_TEST(take(counts, seconds(70)) == 0);
    // Five within ten minutes: the longer window is full.
    BOOST_TEST(take(counts, seconds(300)) == 600);
    BOOST_TEST(take(counts, seconds(600)) == 0);
}

BOOST_AUTO_TEST_CASE(keys_do_not_know_of_each_other) {
    auto counts = ledger::in_memory();
    for (auto i = 0; i < 3; ++i)
        take(counts, seconds(0), "a");
    BOOST_TEST(take(counts, seconds(0), "a") == 60);
    BOOST_TEST(take(counts, seconds(0), "b") == 0);
}

BOOST_AUTO_TEST_CASE(what_is_closed_opens_at_the_latest_moment_that_was_said) {
    auto counts = ledger::in_memory();
    BOOST_REQUIRE(counts.close_until("a", start + seconds(40)));
    BOOST_REQUIRE(counts.close_until("a", start + seconds(20)));
    BOOST_TEST(take(counts, seconds(0)) == 40);
    BOOST_TEST(take(counts, seconds(0), "b") == 0);
    BOOST_TEST(take(counts, seconds(40)) == 0);
}

BOOST_AUTO_TEST_CASE(what_lies_in_the_future_was_written_by_a_wrong_clock) {
    auto counts = ledger::in_memory();
    for (auto i = 0; i < 3; ++i)
        take(counts, seconds(5000));
    BOOST_REQUIRE(counts.close_until("a", start + seconds(6000)));
    BOOST_TEST(take(counts, seconds(0)) == 0);
}

BOOST_AUTO_TEST_CASE(others_see_what_was_counted) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    auto one = ledger::open(folder.path()).value();
    auto other = ledger::open(folder.path()).value();
    take(one, seconds(0));
    take(other, seconds(1));
    take(one, seconds(2));
    BOOST_TEST(take(other, seconds(3)) == 60);
    BOOST_TEST(take(one, seconds(3)) == 60);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_ledger_is_named) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    std::ofstream(folder.path() / "requests.sqlite") << std::string(4096, 'x');
    auto const opened = ledger::open(folder.path());
    BOOST_REQUIRE(!opened);
    BOOST_TEST((opened.error().kind == error_kind::configuration));
    BOOST_TEST(opened.error().message.find("requests.sqlite") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
