#include "base/text.hpp"
#include "caa/decision.hpp"
#include "support/caa_levels.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_relevant_set)

using namespace acme_dns01;
using namespace acme_dns01::caa;
using test::asked;

namespace {

std::string texts(std::vector<property const*> const& records) {
    std::vector<std::string> pieces;
    for (auto const* p : records)
        pieces.push_back(to_string(*p));
    return joined(pieces, ", ");
}

} // namespace

// RFC 8659 4.2 to 4.5
BOOST_AUTO_TEST_CASE(filters_by_what_a_property_does) {
    std::vector<property> const records{
        {0, "iodef", "mailto:a@example.com"},
        {0, "IssueWild", "b.example"},
        {128, "iSsUe", "c.example"},
        {0, "foo", "bar"},
        {128, "foo", "bar"},
        {1, "fo-o", "bar"},
        {0, "issue", "d.example"},
    };
    auto const issue = with_tag(records, "issue");
    BOOST_TEST(texts(issue) == "128 iSsUe \"c.example\", 0 issue \"d.example\"");
    BOOST_TEST(texts(with_tag(records, "issuewild")) == "0 IssueWild \"b.example\"");
    std::vector<property const*> critical;
    for (auto const& p : records) {
        if (is_unknown_critical(p)) critical.push_back(&p);
    }
    BOOST_TEST(texts(critical) == "128 foo \"bar\", 1 fo-o \"bar\"");
}

BOOST_AUTO_TEST_CASE(critical_properties_that_are_not_known) {
    struct {
        property p;
        bool expected;
    } const cases[] = {
        {{0, "foo", ""}, false},
        {{128, "foo", ""}, true},
        {{1, "foo", ""}, true},
        {{129, "foo", ""}, true},
        {{0x7e, "foo", ""}, false},
        {{255, "foo", ""}, true},
        {{128, "issue", ""}, false},
        {{128, "issuewild", ""}, false},
        {{128, "IODEF", ""}, false},
        {{128, "issuemail", ""}, false},
        {{1, "issuevmc", ""}, false},
        {{128, "contactemail", ""}, true},
        {{1, "contactphone", ""}, true},
        {{0, "contactphone", ""}, false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(to_string(c.p)) { BOOST_TEST(is_unknown_critical(c.p) == c.expected); }
    }
}

// RFC 8659 4.3
BOOST_AUTO_TEST_CASE(issuewild_replaces_issue_for_wildcards_alone) {
    std::vector<property> const both{{0, "issue", "a"}, {0, "issuewild", "b"}};
    std::vector<property> const plain{{0, "issue", "a"}};
    std::vector<property> const wild{{0, "issuewild", "b"}};
    struct {
        std::vector<property> const& records;
        bool wildcard;
        std::string tag;
        std::string expected;
    } const cases[] = {
        {both, false, "issue", "0 issue \"a\""},
        {both, true, "issuewild", "0 issuewild \"b\""},
        {plain, false, "issue", "0 issue \"a\""},
        {plain, true, "issue", "0 issue \"a\""},
        {wild, false, "issue", ""},
        {wild, true, "issuewild", "0 issuewild \"b\""},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.tag << " " << c.expected << " " << c.wildcard) {
            auto const ruled = rule_on(c.records, asked(c.wildcard ? "*.example" : "example"));
            BOOST_TEST(ruled.tag == c.tag);
            BOOST_TEST(texts(ruled.applicable) == c.expected);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
