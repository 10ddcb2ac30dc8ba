#include "challenge/undo.hpp"

#include "challenge/create.hpp"
#include "support/challenge_services.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(challenge_undo)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

using entries = std::vector<journal::entry>;

auto const www = challenge_for("www.example.com", value_a);
auto const mail = challenge_for("mail.example.com", value_b);

void undo(challenge_services& all, std::vector<challenge::dns01> challenges, entries const& made) {
    all.run(challenge::undo(
        all.cleaner,
        all.state.journal(),
        std::move(challenges),
        made,
        living_run(),
        all.notes_and_warnings
    ));
}

void refuse_removals(challenge_services& all) {
    auto refusal = failing(sandbox::fault_action::answer, "DELETE");
    refusal.status = 403;
    all.s.inject(refusal);
}

} // namespace

BOOST_AUTO_TEST_CASE(records_with_rows_are_removed_once) {
    challenge_services all;
    auto const made = all.add_journalled(www, living_run());
    undo(all, {www}, {made});
    BOOST_TEST(txt_values(all.s, "example.com").empty());
    BOOST_TEST(all.entries().empty());
    BOOST_TEST(
        calls_of(all.s) ==
            texts{"DELETE /v2/domains/example.com/records/" + std::to_string(*made.id) + " 204"},
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(records_without_rows_are_removed_by_their_ids) {
    challenge_services all;
    refuse_new_rows(all.s);
    challenge::creator by(all.account(), all.state.journal(), all.notes_and_warnings, 30);
    auto const made = all.run(by.create(www, living_run(), 0)).value();
    all.warnings.clear();
    undo(all, {www}, {made});
    BOOST_TEST(txt_values(all.s, "example.com").empty());
    BOOST_TEST(all.warnings.empty());
}

BOOST_AUTO_TEST_CASE(an_intent_without_an_id_is_found_by_name_and_value) {
    challenge_services all;
    all.add_intent(www, living_run());
    all.add_record(www);
    undo(all, {www}, {});
    BOOST_TEST(txt_values(all.s, "example.com").empty());
    BOOST_TEST(all.entries().empty());
}

BOOST_AUTO_TEST_CASE(other_runs_and_other_challenges_keep_their_records) {
    challenge_services all;
    all.add_journalled(www, ended_run());
    all.add_journalled(mail, living_run());
    undo(all, {www}, {});
    BOOST_TEST(
        all.rows() ==
            (texts{"created www.example.com=" + value_a, "created mail.example.com=" + value_b}),
        boost::test_tools::per_element()
    );
    BOOST_TEST(calls_of(all.s).empty());
}

BOOST_AUTO_TEST_CASE(a_record_that_cannot_be_removed_is_a_warning) {
    challenge_services all;
    auto const first = all.add_journalled(www, living_run());
    auto const second = all.add_journalled(mail, living_run());
    refuse_removals(all);
    undo(all, {www, mail}, {first, second});
    BOOST_TEST(
        all.warnings ==
            texts{
                "www.example.com: removing record " + std::to_string(*first.id) +
                " of zone example.com: the token is not allowed to do this (403): "
                "You are not authorized to perform this operation"},
        boost::test_tools::per_element()
    );
    BOOST_TEST(
        all.rows() == texts{"removing www.example.com=" + value_a}, boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(every_record_of_a_run_is_removed) {
    challenge_services all;
    auto const first = all.add_journalled(www, living_run());
    auto const second = all.add_journalled(mail, living_run());
    all.add_journalled(mail, ended_run());
    auto const done = all.run(challenge::undo_run(all.cleaner, all.state.journal(), living_run()));
    BOOST_TEST(done.failures.empty());
    BOOST_TEST(
        labels_of(done.removed) == (texts{
                                       "example.com/" + std::to_string(*first.id),
                                       "example.com/" + std::to_string(*second.id)}),
        boost::test_tools::per_element()
    );
    BOOST_REQUIRE(all.entries().size() == 1U);
    BOOST_TEST((all.entries()[0].owner == ended_run()));
}

BOOST_AUTO_TEST_CASE(a_run_cannot_be_undone_without_a_journal_that_can_be_read) {
    challenge_services all;
    all.add_journalled(www, living_run());
    execute_in_journal(all.s, "UPDATE record SET zone = '..'");
    auto const done = all.run(challenge::undo_run(all.cleaner, all.state.journal(), living_run()));
    BOOST_REQUIRE(done.failures.size() == 1U);
    BOOST_TEST(to_string(done.failures[0].kind) == "configuration");
    BOOST_TEST(done.removed.empty());
    BOOST_TEST(txt_values(all.s, "example.com").size() == 1U);
}

BOOST_AUTO_TEST_CASE(records_without_a_row_are_removed_by_their_ids) {
    challenge_services all;
    auto const first = all.add_record(www);
    auto const second = all.add_record(mail);
    refuse_removals(all);
    auto const zone = name_of("example.com");
    ids const made{first, second};
    all.run(challenge::undo_ids(all.account().api(), zone, made, all.notes_and_warnings));
    auto const number = std::to_string(first);
    BOOST_TEST(
        all.warnings ==
            texts{
                "record " + number +
                " of zone example.com was created but could not be removed again: removing "
                "record " +
                number +
                " of zone example.com: the token is not allowed to do this "
                "(403): You are not authorized to perform this operation"},
        boost::test_tools::per_element()
    );
    BOOST_TEST(
        txt_values(all.s, "example.com") == texts{value_a}, boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_SUITE_END()
