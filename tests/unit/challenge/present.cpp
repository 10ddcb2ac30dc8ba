#include "challenge/present.hpp"

#include "support/challenge_services.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::test;
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

result<std::vector<journal::entry>> present(challenge_services& all, presentation const& p) {
    auto by = all.presenter();
    return all.run(by.present(p));
}

async_result<void> permit(std::vector<challenge::dns01>) { co_return result<void>(); }

async_result<void> forbid(std::vector<challenge::dns01>) {
    error const refusal{.kind = error_kind::caa_forbidden, .message = "CAA forbids it"};
    co_return refusal;
}

// The creation after so many good ones is refused.
void refuse_creation(challenge_services& all, std::size_t after) {
    auto refusal = failing(sandbox::fault_action::answer, "POST");
    refusal.status = 422;
    refusal.skip = after;
    all.s.inject(refusal);
}

} // namespace

BOOST_AUTO_TEST_SUITE(challenge_present)

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
    auto const values = txt_values(all.s, "example.com");
    BOOST_TEST(values == (texts{value_b, value_a}), boost::test_tools::per_element());
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
    p.ask_caa = forbid;
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
    p.ask_caa = forbid;
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
    auto const made = present(all, of({www, mail}));
    BOOST_REQUIRE(!made);
    BOOST_TEST(
        txt_values(all.s, "example.com") == texts{value_a}, boost::test_tools::per_element()
    );
    BOOST_TEST(
        all.rows() == texts{"created www.example.com=" + value_a}, boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_SUITE_END()
