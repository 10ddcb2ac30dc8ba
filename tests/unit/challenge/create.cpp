#include "challenge/create.hpp"

#include "support/challenge_services.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(challenge_create)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

auto const www = challenge_for("www.example.com", value_a);

result<journal::entry> create(
    challenge_services& all,
    challenge::dns01 const& c = www,
    journal::run const& owner = living_run(),
    std::int64_t remaining = 0
) {
    challenge::creator by(all.account(), all.state.journal(), all.notes_and_warnings, 30);
    return all.run(by.create(c, owner, remaining));
}

} // namespace

BOOST_AUTO_TEST_CASE(the_record_stands_at_the_api_and_its_row_in_the_journal) {
    challenge_services all;
    auto const made = create(all, www, living_run(), 3);
    BOOST_REQUIRE(made);
    BOOST_TEST(
        txt_values(all.s, "example.com") == texts{value_a}, boost::test_tools::per_element()
    );
    auto const rows = all.entries();
    BOOST_REQUIRE(rows.size() == 1U);
    auto const& row = rows.front();
    BOOST_TEST(row.key == made->key);
    BOOST_TEST((row.at == journal::state::created));
    BOOST_TEST(row.id.value() == made->id.value());
    BOOST_TEST((row.owner == living_run()));
    BOOST_TEST(row.remaining == 3);
    BOOST_TEST(row.domain == "www.example.com");
    BOOST_TEST(row.zone.text() == "example.com");
    BOOST_TEST(row.account == all.account().id());
    BOOST_TEST(!made->is_adopted);
    BOOST_TEST(all.warnings.empty());
}

// The outcome of a request that was reset is unknown: only a row written before it shows it.
BOOST_AUTO_TEST_CASE(a_request_without_an_answer_leaves_an_intent) {
    challenge_services all;
    all.s.inject(failing(sandbox::fault_action::reset_after, "POST"));
    // Looking for the record fails as well.
    auto look_up = failing(sandbox::fault_action::answer, "GET");
    look_up.path_prefix = "/v2/domains/example.com/records";
    look_up.status = 403;
    all.s.inject(look_up);
    auto const made = create(all);
    BOOST_REQUIRE(!made);
    BOOST_TEST(to_string(made.error().kind) == "no_answer");
    BOOST_TEST(
        all.rows() == texts{"intended www.example.com=" + value_a}, boost::test_tools::per_element()
    );
    BOOST_TEST(txt_values(all.s, "example.com").size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refused_record_leaves_no_row) {
    challenge_services all;
    auto refusal = failing(sandbox::fault_action::answer, "POST");
    refusal.status = 422;
    all.s.inject(refusal);
    auto const made = create(all);
    BOOST_REQUIRE(!made);
    BOOST_TEST(to_string(made.error().kind) == "rejected");
    BOOST_TEST(made.error().message.starts_with("www.example.com: "));
    BOOST_TEST(all.entries().empty());
    BOOST_TEST(txt_values(all.s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(a_journal_that_takes_no_row_is_a_warning) {
    challenge_services all;
    refuse_new_rows(all.s);
    auto const made = create(all);
    BOOST_REQUIRE(made);
    BOOST_TEST(made->key == 0);
    BOOST_TEST(txt_values(all.s, "example.com").size() == 1U);
    BOOST_TEST(all.entries().empty());
    BOOST_REQUIRE(all.warnings.size() == 1U);
    BOOST_TEST(all.warnings[0].find(all.s.state_dir() + "/journal.sqlite") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_record_that_an_ended_run_left_behind_is_adopted) {
    challenge_services all;
    auto const left = all.add_journalled(www, ended_run());
    auto const made = create(all, www, living_run(), 1);
    BOOST_REQUIRE(made);
    BOOST_TEST(made->is_adopted);
    BOOST_TEST(made->id.value() == left.id.value());
    auto const rows = all.entries();
    BOOST_REQUIRE(rows.size() == 1U);
    BOOST_TEST(rows[0].key == made->key);
    BOOST_TEST((rows[0].owner == living_run()));
    BOOST_TEST(rows[0].remaining == 1);
    BOOST_TEST(
        calls_about_records(all.s) ==
            texts{"GET /v2/domains/example.com/records/" + std::to_string(*left.id) + " 200"},
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(the_record_of_a_living_run_is_left_to_it) {
    challenge_services all;
    auto other = living_run();
    other.order = "another";
    all.add_journalled(www, other);
    auto const made = create(all);
    BOOST_REQUIRE(made);
    BOOST_TEST(!made->is_adopted);
    BOOST_TEST(all.entries().size() == 2U);
    BOOST_TEST(txt_values(all.s, "example.com").size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_leftover_that_is_gone_is_forgotten_and_created_anew) {
    challenge_services all;
    auto const left = all.add_journalled(www, ended_run());
    all.s.remove_record("example.com", *left.id);
    auto const made = create(all);
    BOOST_REQUIRE(made);
    BOOST_TEST(!made->is_adopted);
    BOOST_TEST(*made->id != *left.id);
    auto const rows = all.entries();
    BOOST_REQUIRE(rows.size() == 1U);
    BOOST_TEST(rows[0].key == made->key);
}

// The rows are read once for all challenges of a presentation.
BOOST_AUTO_TEST_CASE(a_leftover_that_two_challenges_want_serves_one) {
    challenge_services all;
    auto const left = all.add_journalled(www, ended_run());
    challenge::creator by(all.account(), all.state.journal(), all.notes_and_warnings, 30);
    auto const first = all.run(by.create(www, living_run(), 1));
    auto const second = all.run(by.create(www, living_run(), 0));
    BOOST_REQUIRE(first);
    BOOST_REQUIRE(second);
    BOOST_TEST(first->is_adopted);
    BOOST_TEST(first->id.value() == left.id.value());
    BOOST_TEST(!second->is_adopted);
    BOOST_TEST(second->id.value() != left.id.value());
    BOOST_TEST(
        all.rows() == (texts{
                          "created www.example.com=" + value_a + " 1 to come",
                          "created www.example.com=" + value_a}),
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_zone_that_has_gone_is_looked_for_anew) {
    challenge_services all;
    auto const now = std::chrono::system_clock::now();
    dns::zone_list const stale{{name_of("www.example.com")}, true, now};
    BOOST_REQUIRE(all.state.journal().remember_zones(
        digitalocean::fingerprint(secret(all.s.token()), all.s.api_url()), stale
    ));
    auto const made = create(all);
    BOOST_REQUIRE(made);
    BOOST_TEST(made->zone.text() == "example.com");
    BOOST_TEST(
        calls_of(all.s) == (texts{
                               "POST /v2/domains/www.example.com/records 404",
                               "GET /v2/domains?page=1&per_page=200 200",
                               "POST /v2/domains/example.com/records 201"}),
        boost::test_tools::per_element()
    );
    BOOST_TEST(all.entries().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_zone_of_the_public_dns_below_the_accounts_takes_no_record) {
    challenge_services all;
    auto delegated = www;
    delegated.public_zone = name_of("www.example.com");
    auto const made = create(all, delegated);
    BOOST_REQUIRE(!made);
    BOOST_TEST(
        made.error().message ==
        "www.example.com: a CA looks for _acme-challenge.www.example.com in zone www.example.com, "
        "which example.com delegates to other name servers; the DigitalOcean account has only zone "
        "example.com"
    );
    BOOST_TEST(calls_about_records(all.s).empty());
    BOOST_TEST(all.entries().empty());
}

BOOST_AUTO_TEST_SUITE_END()
