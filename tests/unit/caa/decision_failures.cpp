#include "caa/decision.hpp"
#include "support/caa_levels.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_decision_failures)

using namespace acme_dns01;
using namespace acme_dns01::caa;
using dns::dnssec;
using test::asked;
using test::issue;
using test::levels_with;

namespace {

level failed_level(std::string_view node, std::string failure, dnssec status = dnssec::unknown) {
    auto l = test::level_without(node);
    l.is = level::content::failed;
    l.failure = std::move(failure);
    l.dnssec = status;
    return l;
}

void check(decision const& d, std::string const& reason, std::string const& advice) {
    BOOST_TEST(to_string(d.is) == "error");
    BOOST_TEST(d.reason == reason);
    BOOST_TEST(d.advice == advice);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_failure_at_or_below_the_deciding_level_is_an_error) {
    struct {
        std::string failure;
        dnssec status;
        std::string reason;
        std::string advice;
    } const cases[] = {
        {"SERVFAIL",
         dnssec::unknown,
         "the CAA look-up for www.example.com got no usable answer, so nothing permits issuance "
         "(BR 3.2.2.8): SERVFAIL",
         "check the DNSSEC of www.example.com first, then query each of its name servers for CAA: "
         "they may be failing or answer such queries wrongly"},
        {"no answer within 20.0 s",
         dnssec::unknown,
         "the CAA look-up for www.example.com got no usable answer, so nothing permits issuance "
         "(BR 3.2.2.8): no answer within 20.0 s",
         "check that the name servers of www.example.com are up and that no firewall drops "
         "queries for CAA: compare with queries for A and SOA"},
        {"REFUSED",
         dnssec::unknown,
         "the CAA look-up for www.example.com got no usable answer, so nothing permits issuance "
         "(BR 3.2.2.8): REFUSED",
         "with --resolver, name a resolver that answers queries for CAA"},
        {"a CAA record is malformed: its tag is empty",
         dnssec::unknown,
         "the CAA look-up for www.example.com got no usable answer, so nothing permits issuance "
         "(BR 3.2.2.8): a CAA record is malformed: its tag is empty",
         "correct or remove the malformed CAA record at www.example.com"},
        {"",
         dnssec::unknown,
         "the CAA look-up for www.example.com got no usable answer, so nothing permits issuance "
         "(BR 3.2.2.8)",
         "check the name servers of www.example.com: they may be wrongly delegated, unreachable or "
         "failing"},
        {"signature expired\x1b",
         dnssec::bogus,
         "the CAA answer for www.example.com fails DNSSEC validation, so no CA may issue (BR "
         "3.2.2.8): signature expired?",
         "fix DNSSEC at www.example.com: its signatures, its DS record, and the proof that there "
         "is no CAA record"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.failure) {
            auto climb =
                levels_with("a.www.example.com", "example.com", {issue("letsencrypt.org")});
            climb[1] = failed_level("www.example.com", c.failure, c.status);
            auto const d = decide(asked("*.a.www.example.com"), climb);
            check(d, c.reason, c.advice);
            BOOST_TEST((d.deciding == climb[1]));
            BOOST_TEST((d.dnssec == c.status));
            BOOST_TEST(d.warnings.size() == (c.status == dnssec::bogus ? 0U : 1U));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_failure_above_the_deciding_level_does_not_matter) {
    for (auto const& value : {"letsencrypt.org", "ca.example"}) {
        auto climb = levels_with("www.example.com", "www.example.com", {issue(value)});
        auto const before = decide(asked("www.example.com"), climb);
        climb[1] = failed_level("example.com", "SERVFAIL", dnssec::bogus);
        climb[2].is = level::content::missing;
        auto const after = decide(asked("www.example.com"), climb);
        BOOST_TEST((after.is == before.is));
        BOOST_TEST(after.reason == before.reason);
        BOOST_TEST(after.warnings.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_top_level_domain_that_does_not_exist_is_an_error) {
    auto climb = levels_with("www.example.nope", "", {});
    for (auto& l : climb)
        l.is = level::content::missing;
    auto const d = decide(asked("www.example.nope"), climb);
    check(
        d,
        "there is no top-level domain nope (NXDOMAIN): Let's Encrypt treats that as a failed "
        "look-up, unlike RFC 8659 3",
        "check the spelling of the domain"
    );
    BOOST_REQUIRE_EQUAL(d.warnings.size(), 1u);
    BOOST_TEST(
        d.warnings[0] == "a CA that follows RFC 8659 3 to the letter treats nope as a name without "
                         "CAA records and would issue"
    );
    BOOST_TEST(
        decide(asked("nope"), {climb.back()}).reason ==
        "there is no top-level domain nope (NXDOMAIN): Let's Encrypt treats that as a failed "
        "look-up, unlike RFC 8659 3"
    );
    climb[0] = test::level_with("www.example.nope", {issue("letsencrypt.org")});
    BOOST_TEST(to_string(decide(asked("www.example.nope"), climb).is) == "permitted");
}

BOOST_AUTO_TEST_CASE(some_cas_issue_where_an_unsigned_zone_fails) {
    struct {
        dnssec status;
        std::string warning;
    } const cases[] = {
        {dnssec::insecure,
         "another CA may issue because com is proven not to be signed (BR 3.2.2.8); Let's "
         "Encrypt never does"},
        {dnssec::unknown,
         "another CA may issue if com is not signed and fails again (BR 3.2.2.8); "
         "Let's Encrypt never does"},
    };
    for (auto const& c : cases) {
        auto const d = decide(asked("com"), {failed_level("com", "SERVFAIL", c.status)});
        BOOST_TEST(to_string(d.is) == "error");
        BOOST_REQUIRE_EQUAL(d.warnings.size(), 1u);
        BOOST_TEST(d.warnings[0] == c.warning);
    }
}

BOOST_AUTO_TEST_SUITE_END()
