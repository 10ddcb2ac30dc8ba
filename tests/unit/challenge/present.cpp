#include "challenge/present.hpp"

#include "challenge/plan.hpp"
#include "support/challenge_services.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(challenge_present)

using namespace acme_dns01;
using namespace acme_dns01::test;
using boost::test_tools::per_element;
using challenge::presentation;

namespace {

auto const www = challenge_for("www.example.com", value_a);
auto const mail = challenge_for("mail.example.com", value_b);

presentation of(std::vector<challenge::dns01> challenges) {
    presentation p;
    p.challenges = std::move(challenges);
    p.owner = living_run();
    return p;
}

challenge::presented present_all(challenge_services& all, presentation const& p) {
    auto by = all.presenter();
    return all.run(by.present(p));
}

// For calls of which at most one thing can fail.
result<std::vector<journal::entry>> present(challenge_services& all, presentation const& p) {
    auto const done = present_all(all, p);
    BOOST_TEST(done.failures.size() <= 1U);
    if (!done.failures.empty()) return done.failures.front();
    return done.made;
}

using permissions = std::vector<result<void>>;
using boost::asio::awaitable;

awaitable<permissions> permit(std::vector<challenge::dns01> asked) {
    co_return permissions(asked.size());
}

awaitable<permissions> forbid_first(std::vector<challenge::dns01> asked) {
    permissions all(asked.size());
    error const refusal{.kind = error_kind::caa_forbidden, .message = "CAA forbids it"};
    all.front() = refusal;
    co_return all;
}

texts messages_of(std::vector<error> const& failures) {
    texts all;
    for (auto const& e : failures)
        all.push_back(std::string(to_string(e.kind)) + ": " + e.message);
    return all;
}

// As an earlier hook of the order has planned it.
challenge::dns01
planned(challenge_services& all, challenge::dns01 const& c, std::int64_t remaining) {
    BOOST_REQUIRE(challenge::plan(all.state.journal(), {c}, living_run(), remaining));
    return challenge::planned_challenges(all.entries(), living_run()).value().back();
}

// The creation after so many good ones is refused.
void refuse_creation(challenge_services& all, std::size_t after) {
    auto refusal = failing(sandbox::fault_action::answer, "POST");
    refusal.status = 422;
    refusal.skip = after;
    all.s.inject(refusal);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_records_come_in_the_order_of_the_challenges) {
    challenge_services all;
    auto p = of({mail, www});
    p.remaining = 4;
    p.ttl = 77;
    auto const made = present(all, p);
    BOOST_REQUIRE(made);
    BOOST_REQUIRE(made->size() == 2U);
    BOOST_TEST((*made)[0].domain == "mail.example.com");
    BOOST_TEST((*made)[1].domain == "www.example.com");
    auto values = txt_values(all.s, "example.com");
    std::ranges::sort(values);
    BOOST_TEST(values == (texts{value_a, value_b}), boost::test_tools::per_element());
    BOOST_TEST(all.s.records("example.com").back().ttl.value() == 77);
    BOOST_TEST(
        all.rows() == (texts{
                          "created mail.example.com=" + value_b + " 4 to come",
                          "created www.example.com=" + value_a + " 4 to come"}),
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(no_challenge_is_no_request) {
    challenge_services all;
    auto const made = present(all, of({}));
    BOOST_REQUIRE(made);
    BOOST_TEST(made->empty());
    BOOST_TEST(all.s.arrived() == 0U);
    BOOST_TEST(all.s.queries().empty());
}

BOOST_AUTO_TEST_CASE(without_a_token_nothing_is_asked) {
    service_settings set;
    set.token = "";
    challenge_services all(set);
    auto const made = present(all, of({www}));
    BOOST_REQUIRE(!made);
    BOOST_TEST(to_string(made.error().kind) == "configuration");
    BOOST_TEST(made.error().message == "there is no DigitalOcean token");
    BOOST_TEST(all.s.arrived() == 0U);
    BOOST_TEST(all.s.queries().empty());
}

BOOST_AUTO_TEST_CASE(a_ca_that_may_issue_finds_the_records) {
    challenge_services all;
    auto p = of({www});
    p.ask_caa = permit;
    auto const made = present(all, p);
    BOOST_REQUIRE(made);
    BOOST_TEST(made->size() == 1U);
    BOOST_TEST(txt_values(all.s, "example.com").size() == 1U);
    BOOST_TEST(all.entries().size() == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_is_left_for_a_ca_that_may_not_issue) {
    challenge_services all;
    auto p = of({www, mail});
    p.ask_caa = forbid_first;
    auto const made = present(all, p);
    BOOST_REQUIRE(!made);
    BOOST_TEST(to_string(made.error().kind) == "caa_forbidden");
    BOOST_TEST(made.error().message == "CAA forbids it");
    BOOST_TEST(txt_values(all.s, "example.com").empty());
    BOOST_TEST(all.entries().empty());
    BOOST_TEST(all.warnings.empty());
}

BOOST_AUTO_TEST_CASE(caa_is_asked_about_the_effective_names) {
    challenge_services all;
    std::vector<challenge::dns01> asked;
    auto p = of({www});
    p.ask_caa = [&](auto const& challenges) {
        asked = challenges;
        return permit(challenges);
    };
    BOOST_REQUIRE(present(all, p));
    BOOST_REQUIRE(asked.size() == 1U);
    BOOST_TEST(asked[0].public_zone.value().text() == "example.com");
}

BOOST_AUTO_TEST_CASE(a_failed_creation_is_reported_rather_than_caa) {
    challenge_services all;
    refuse_creation(all, 0);
    auto p = of({www});
    p.ask_caa = forbid_first;
    auto const made = present(all, p);
    BOOST_REQUIRE(!made);
    BOOST_TEST(to_string(made.error().kind) == "rejected");
}

BOOST_AUTO_TEST_CASE(all_records_of_a_client_that_has_ended_meanwhile_are_removed) {
    challenge_services all;
    all.add_journalled(mail, living_run());
    auto const others = all.add_journalled(mail, ended_run());
    auto p = of({www});
    p.client_has_ended = [] { return true; };
    auto const made = present(all, p);
    BOOST_REQUIRE(made);
    BOOST_TEST(made->empty());
    BOOST_TEST(
        all.warnings == texts{"certbot has ended meanwhile: its records were removed again"},
        boost::test_tools::per_element()
    );
    auto const left = all.entries();
    BOOST_REQUIRE(left.size() == 1U);
    BOOST_TEST(left[0].id.value() == others.id.value());
    BOOST_TEST(
        txt_values(all.s, "example.com") == texts{value_b}, boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(the_records_of_a_client_that_is_there_stay) {
    challenge_services all;
    auto p = of({www});
    p.client_has_ended = [] { return false; };
    BOOST_TEST(present(all, p).value().size() == 1U);
    BOOST_TEST(all.entries().size() == 1U);
    BOOST_TEST(all.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_failure_undoes_all_records_if_no_cleanup_follows) {
    challenge_services all;
    refuse_creation(all, 1);
    auto p = of({www, mail});
    p.undoes_failures = true;
    auto const made = present(all, p);
    BOOST_REQUIRE(!made);
    BOOST_TEST(to_string(made.error().kind) == "rejected");
    BOOST_TEST(txt_values(all.s, "example.com").empty());
    BOOST_TEST(all.entries().empty());
}

BOOST_AUTO_TEST_CASE(a_failure_leaves_to_the_cleanup_what_was_created_before) {
    challenge_services all;
    refuse_creation(all, 1);
    auto const done = present_all(all, of({www, mail}));
    BOOST_TEST(done.failures.size() == 1U);
    BOOST_REQUIRE(done.made.size() == 1U);
    auto const& made = done.made.front();
    BOOST_TEST(txt_values(all.s, "example.com") == texts{made.value}, per_element());
    auto const row = "created " + made.domain + "=" + made.value;
    BOOST_TEST(all.rows() == texts{row}, per_element());
}

BOOST_AUTO_TEST_CASE(every_failure_is_told_and_stops_no_other_challenge) {
    challenge_services all;
    auto const elsewhere = challenge_for("www.example.org", value_b);
    auto const nowhere = challenge_for("www.example.net", value_c);
    auto const done = present_all(all, of({elsewhere, www, nowhere}));
    BOOST_REQUIRE(done.made.size() == 1U);
    BOOST_TEST(done.made.front().domain == "www.example.com");
    texts const expected{
        "zone_not_found: www.example.org: no zone in the DigitalOcean account contains "
        "_acme-challenge.www.example.org (the account has 1 zone)",
        "zone_not_found: www.example.net: no zone in the DigitalOcean account contains "
        "_acme-challenge.www.example.net (the account has 1 zone)"};
    BOOST_TEST(messages_of(done.failures) == expected, per_element());
    // One listing and one creation.
    BOOST_TEST(calls_of(all.s).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_asked_about_once) {
    challenge_services all;
    auto refusal = failing(sandbox::fault_action::answer, "GET");
    refusal.status = 401;
    all.s.inject(refusal);
    auto const done = present_all(all, of({www, mail, challenge_for("example.com", value_c)}));
    BOOST_TEST(done.made.empty());
    BOOST_REQUIRE(done.failures.size() == 3U);
    BOOST_TEST(done.failures[0].message == done.failures[2].message);
    BOOST_TEST(calls_of(all.s).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_on_keeps_what_the_ca_may_issue_for) {
    challenge_services all;
    auto p = of({www, mail});
    p.ask_caa = forbid_first;
    p.goes_on = true;
    auto const done = present_all(all, p);
    BOOST_TEST(messages_of(done.failures) == texts{"caa_forbidden: CAA forbids it"}, per_element());
    BOOST_REQUIRE(done.made.size() == 1U);
    BOOST_TEST(done.made.front().domain == "mail.example.com");
    BOOST_TEST(all.rows() == texts{"created mail.example.com=" + value_b}, per_element());
    BOOST_TEST(txt_values(all.s, "example.com") == texts{value_b}, per_element());
}

BOOST_AUTO_TEST_CASE(plans_become_the_rows_of_their_records) {
    challenge_services all;
    auto const first = planned(all, www, 2);
    auto const second = planned(all, mail, 1);
    auto const last = challenge_for("example.com", value_c);
    auto const done = present_all(all, of({first, second, last}));
    BOOST_TEST(done.failures.empty());
    BOOST_REQUIRE(done.made.size() == 3U);
    texts const expected{
        "created www.example.com=" + value_a + " 2 to come",
        "created mail.example.com=" + value_b + " 1 to come",
        "created example.com=" + value_c};
    BOOST_TEST(all.rows() == expected, per_element());
    BOOST_TEST(all.entries().front().zone.text() == "example.com");
    BOOST_TEST(all.entries().front().account == all.account().id());
}

BOOST_AUTO_TEST_CASE(a_plan_takes_over_what_an_ended_run_left_behind) {
    challenge_services all;
    auto const left = all.add_journalled(www, ended_run());
    auto const plan = planned(all, www, 1);
    auto const done = present_all(all, of({plan}));
    BOOST_REQUIRE(done.made.size() == 1U);
    BOOST_TEST(done.made.front().is_adopted);
    BOOST_TEST(done.made.front().id.value() == left.id.value());
    BOOST_REQUIRE(all.entries().size() == 1U);
    BOOST_TEST((all.entries().front().owner == living_run()));
}

BOOST_AUTO_TEST_CASE(a_failure_forgets_the_plans_if_no_cleanup_follows) {
    challenge_services all;
    auto const plan = planned(all, www, 1);
    auto const nowhere = challenge_for("www.example.net", value_b);
    auto p = of({plan, nowhere});
    p.undoes_failures = true;
    BOOST_TEST(present_all(all, p).failures.size() == 1U);
    BOOST_TEST(all.entries().empty());
    BOOST_TEST(txt_values(all.s, "example.com").empty());
}

BOOST_AUTO_TEST_SUITE_END()
