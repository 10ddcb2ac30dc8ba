#include "caa/warnings.hpp"
#include "support/caa_levels.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_disagreements)

using namespace acme_dns01;
using namespace acme_dns01::caa;
using test::asked;
using test::issue;

namespace {

using sentences = std::vector<std::string>;

struct row {
    std::vector<property> records;
    sentences expected; // what other CAs do
};

void check(request const& r, row const& c) {
    BOOST_TEST_CONTEXT(shown(c.records.front()) << " and " << c.records.size() - 1 << " more") {
        auto const ruled = rule_on(c.records, r);
        sentences expected;
        for (auto const& who : c.expected) {
            expected.push_back(
                "a CA that " + who + (ruled.permits() ? " would not issue" : " would issue")
            );
        }
        BOOST_TEST(
            disagreements(r, c.records, ruled) == expected, boost::test_tools::per_element()
        );
    }
}

std::string const account(test::production_account);
std::string const ignores_flag_1 = "ignores flag 1, as RFC 8659 4.1 requires,";
std::string const ignores_name_case = "ignores the letter case of parameter names";

} // namespace

BOOST_AUTO_TEST_CASE(every_critical_property_has_to_be_seen_otherwise) {
    row const cases[] = {
        {{{1, "foo", ""}, {1, "bar", ""}}, {ignores_flag_1}},
        {{{1, "foo", ""}, {128, "bar", ""}}, {}},
        {{{129, "foo", ""}}, {}},
        {{{1, "foo", ""}, {1, "contactemail", ""}}, {ignores_flag_1}},
        {{{1, "contactphone", ""}},
         {ignores_flag_1, "knows contactemail and contactphone (BR appendix A)"}},
        {{{1, "foo", ""}, issue("ca.example")}, {}},
        {{{1, "foo", ""}, issue("ca.example"), issue("letsencrypt.org")}, {ignores_flag_1}},
    };
    for (auto const& c : cases)
        check(asked("example.com"), c);
}

BOOST_AUTO_TEST_CASE(one_critical_property_that_is_not_known_forbids) {
    std::string const knows_no_mail = "does not know issuemail (RFC 9495) or issuevmc";
    row const cases[] = {
        {{{1, "IssueVMC", ""}}, {knows_no_mail}},
        {{{0, "issuevmc", ""}}, {}},
        {{issue("letsencrypt.org"), {128, "issuemail", ""}}, {knows_no_mail}},
        {{issue("ca.example"), {128, "issuemail", ""}}, {}},
    };
    for (auto const& c : cases)
        check(asked("example.com"), c);
}

BOOST_AUTO_TEST_CASE(every_record_that_permits_has_to_be_refused) {
    std::string const begin = "letsencrypt.org;";
    row const cases[] = {
        {{issue(begin + "=1"), issue("letsencrypt.org")}, {}},
        {{issue(begin + "=1"), issue("ca.example")},
         {"treats a parameter without a name as malformed, as RFC 8659 4.2 does,"}},
        {{issue(begin + "AccountURI=" + account)}, {}},
        {{issue(begin + "accounturi=" + account + ";AccountURI=" + account)}, {ignores_name_case}},
        {{issue(begin + "ValidationMethods=http-01")}, {ignores_name_case}},
        {{issue(begin + "ValidationMethods=dns-01")}, {}},
        {{issue(begin + "validationmethods=dns-01,http-01")}, {}},
        {{issue(begin + "validationmethods=dns-01,a_b")},
         {"checks the whole list of validationmethods, as RFC 8657 4 does,"}},
    };
    for (auto const& c : cases)
        check(asked("example.com"), c);
}

BOOST_AUTO_TEST_CASE(one_record_that_is_taken_for_authorized_permits) {
    std::string const ignores_method_case = "ignores the letter case of validation methods";
    std::string const begin = "letsencrypt.org;";
    row const cases[] = {
        {{issue("LetsEncrypt.org;validationmethods=http-01")}, {}},
        {{issue(begin + "a-b=1;validationmethods=http-01")}, {}},
        {{issue(begin + "a-b=1;x=1 2")}, {}},
        {{issue(begin + "validationmethods=http-01;validationmethods=tls-alpn-01")}, {}},
        {{issue(begin + "accounturi=a:b;validationmethods=DNS-01")}, {}},
        {{issue(begin + "validationmethods=DNS-01,a_b")}, {ignores_method_case}},
        {{issue(begin + "validationmethods=a_b,DNS-01")}, {}},
        {{issue("ca.example"), issue(begin + "validationmethods=DNS-01")}, {ignores_method_case}},
        {{issue("LetsEncrypt.org"), issue(begin + "validationmethods=DNS-01")},
         {"ignores the letter case of issuers", ignores_method_case}},
    };
    for (auto const& c : cases)
        check(asked("example.com"), c);
}

BOOST_AUTO_TEST_CASE(an_identity_may_have_capitals_itself) {
    auto r = asked("example.com");
    r.by = {.name = "CA.example", .identities = {"CA.example"}};
    check(r, {{issue("CA.example")}, {}});
}

BOOST_AUTO_TEST_SUITE_END()
