#include "certificate/renewal.hpp"

#include "support/test_ca.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(certificate_renewal)

using namespace acme_dns01::certificate;
using acme_dns01::test::noon;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

dates lasting(seconds life) { return {noon, noon + life}; }

// The rules of the clients, with their usual numbers.
rule const certbot = before_end(days(30));
rule const lego = before_end(days(31));
rule const acme_sh = at(noon + days(59));
rule const nobody{};

struct judged {
    std::string_view told;
    seconds life;
    rule by;
    seconds age;
    bool is_skipped = false;
    std::optional<seconds> wanted{};
};

std::string_view state_of(judged const& j) {
    return to_string(judge({noon + j.age, lasting(j.life), j.by, j.is_skipped, j.wanted}));
}

} // namespace

BOOST_AUTO_TEST_CASE(renewal_is_due_by_the_rule_of_the_client) {
    struct {
        rule by;
        seconds life;
        seconds after; // the beginning
    } const cases[] = {
        {certbot, days(90), days(60)},
        {certbot, days(64), days(34)},
        {certbot, days(45), days(15)},
        {certbot, hours(160), seconds(0)},
        {by_life(), days(90), days(60)},
        {by_life(), days(45), days(30)},
        {by_life(), days(10), seconds(576'000)},
        {by_life(), days(10) - seconds(2), days(5) - seconds(1)},
        {by_life(), hours(160), hours(80)},
        {lego, days(90), days(59)},
        {acme_sh, days(90), days(59)},
        {acme_sh, days(45), days(59)},
        {at(moment()), days(90), seconds(0)},
        {before_end(seconds(0)), days(90), days(90)},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.life.count() << " " << c.after.count()) {
            auto const when = due(c.by, lasting(c.life));
            BOOST_REQUIRE(when);
            BOOST_TEST((*when - noon).count() == c.after.count());
        }
    }
    BOOST_TEST(!due(nobody, lasting(days(90))));
}

BOOST_AUTO_TEST_CASE(a_change_makes_it_due_earlier_but_never_later) {
    auto changed = certbot;
    changed.changed = noon + days(10);
    BOOST_TEST((*due(changed, lasting(days(90))) == noon + days(10)));
    changed.changed = noon + days(80);
    BOOST_TEST((*due(changed, lasting(days(90))) == noon + days(60)));
    changed.changed = noon - days(80);
    BOOST_TEST((*due(changed, lasting(days(90))) == noon));
}

BOOST_AUTO_TEST_CASE(the_state_is_the_worst_that_applies) {
    auto const day = days(1);
    auto const moment_before = -seconds(1);
    judged const cases[] = {
        {"ok", days(90), certbot, days(0)},
        {"ok", days(90), certbot, days(60) + moment_before},
        {"due", days(90), certbot, days(60)},
        {"due", days(90), certbot, days(62)},
        {"overdue", days(90), certbot, days(62) + seconds(1)},
        {"overdue", days(90), certbot, days(90)},
        {"expired", days(90), certbot, days(90) + seconds(1)},
        {"broken", days(90), certbot, moment_before},
        // a margin as long as the life
        {"every_run", days(30), certbot, day},
        {"every_run", days(30) - seconds(1), certbot, seconds(0)},
        {"overdue", days(30), certbot, days(3)},
        {"due", days(31), certbot, day},
        {"every_run", days(90), at(moment()), day},
        {"every_run", days(31), lego, day},
        // the end comes before the renewal
        {"late", days(45), acme_sh, days(0)},
        {"late", days(59), acme_sh, days(0)},
        {"ok", days(60), acme_sh, days(0)},
        {"late", days(90), before_end(seconds(0)), days(0)},
        {"expired", days(45), acme_sh, days(46)},
        // what its client will not renew
        {"ok", days(90), certbot, days(60) + moment_before, true},
        {"late", days(90), certbot, days(60), true},
        {"late", days(90), certbot, days(70), true},
        {"expired", days(90), certbot, days(91), true},
        {"late", days(30), certbot, day, true},
        // without a client
        {"ok", days(90), nobody, days(0)},
        {"ok", days(90), nobody, days(90)},
        {"expired", days(90), nobody, days(91)},
        {"broken", days(90), nobody, moment_before},
        // --renew-within alone never says more than `due`
        {"due", days(90), nobody, days(60), false, days(30)},
        {"ok", days(90), nobody, days(60) + moment_before, false, days(30)},
        {"due", days(90), certbot, days(20), false, days(70)},
        {"due", days(90), certbot, days(20), true, days(70)},
        {"overdue", days(90), certbot, days(70), false, days(70)},
        {"due", days(90), nobody, days(0), false, days(100)},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.told << " " << c.life.count() << " " << c.age.count()) {
            BOOST_TEST(state_of(c) == c.told);
        }
    }
}

BOOST_AUTO_TEST_CASE(four_states_are_problems) {
    for (auto const s : {state::ok, state::due, state::every_run})
        BOOST_TEST(!is_a_problem(s));
    for (auto const s : {state::overdue, state::late, state::expired, state::broken})
        BOOST_TEST(is_a_problem(s));
}

// As parsedatetime 2.6 reads them, which certbot uses.
BOOST_AUTO_TEST_CASE(intervals_are_read_as_certbot_reads_them) {
    struct {
        std::string text;
        std::optional<seconds> length;
    } const cases[] = {
        {"10 days", days(10)},
        {"3 weeks", days(21)},
        {"30", days(30)},
        {" 7 ", days(7)},
        {"1 day", days(1)},
        {"9 hours", hours(9)},
        {"3 days 12 hours", hours(84)},
        {"10days", days(10)},
        {"2 Months", days(60)},
        {"0", seconds(0)},
        {"", std::nullopt},
        {"soon", std::nullopt},
        {"-3 days", std::nullopt},
        {"99999999999999999999 days", std::nullopt},
        {"4000000000 years", std::nullopt},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) { BOOST_TEST((interval_in(c.text) == c.length)); }
    }
}

BOOST_AUTO_TEST_CASE(lengths_are_told_in_words) {
    struct {
        seconds length;
        std::string told;
    } const cases[] = {
        {days(30), "30 days"},
        {days(90) - seconds(1), "90 days"},
        {hours(35), "35 hours"},
        {hours(160), "7 days"},
        {seconds(89), "89 seconds"},
        {seconds(1), "1 second"},
        {seconds(-5), "0 seconds"},
    };
    for (auto const& c : cases)
        BOOST_TEST(in_words(c.length) == c.told);
}

BOOST_AUTO_TEST_SUITE_END()
