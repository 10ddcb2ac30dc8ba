#include "caa/record.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_issue_value)

using namespace acme_dns01::caa;

namespace {

issue_value malformed(std::string why) { return {{}, {}, std::move(why)}; }

struct row {
    std::string text;
    issue_value expected;
};

void check(row const& c, bool accepts_hyphens = false) {
    BOOST_TEST_CONTEXT("'" << c.text << "'") {
        auto const v = parse_issue_value(c.text, accepts_hyphens);
        BOOST_TEST(v.malformed == c.expected.malformed);
        BOOST_TEST(v.issuer == c.expected.issuer);
        BOOST_TEST((v == c.expected));
    }
}

} // namespace

// RFC 8659 4.2
BOOST_AUTO_TEST_CASE(values_that_match_the_grammar) {
    row const cases[] = {
        {"", {}},
        {"  \t", {}},
        {";", {}},
        {" ; ", {}},
        {"letsencrypt.org", {"letsencrypt.org", {}, {}}},
        {"\t letsencrypt.org \t", {"letsencrypt.org", {}, {}}},
        {"letsencrypt.org;", {"letsencrypt.org", {}, {}}},
        {"letsencrypt.org;   \t", {"letsencrypt.org", {}, {}}},
        {"LetsEncrypt.ORG", {"LetsEncrypt.ORG", {}, {}}},
        {"a", {"a", {}, {}}},
        {"1-a.b--2", {"1-a.b--2", {}, {}}},
        {";policy=ev", {"", {{"policy", "ev"}}, {}}},
        {"ca;x=1", {"ca", {{"x", "1"}}, {}}},
        {"ca ;\tx \t= \t1\t;y=2 ", {"ca", {{"x", "1"}, {"y", "2"}}, {}}},
        {"ca; x=; y =\tz", {"ca", {{"x", ""}, {"y", "z"}}, {}}},
        {"ca; x=a=b", {"ca", {{"x", "a=b"}}, {}}},
        {"ca; x=1; x=1", {"ca", {{"x", "1"}, {"x", "1"}}, {}}},
        {"ca; 1=2; X=a-b", {"ca", {{"1", "2"}, {"X", "a-b"}}, {}}},
        {"ca; x=!:<~\"", {"ca", {{"x", "!:<~\""}}, {}}},
    };
    for (auto const& c : cases)
        check(c);
}

BOOST_AUTO_TEST_CASE(malformed_ones_have_no_issuer_and_say_why) {
    using namespace std::string_literals;
    row const cases[] = {
        {"%%%%%", malformed("'%%%%%' is not a domain name")},
        {"ca.", malformed("'ca.' is not a domain name")},
        {".ca", malformed("'.ca' is not a domain name")},
        {"a..b", malformed("'a..b' is not a domain name")},
        {"-a.b", malformed("'-a.b' is not a domain name")},
        {"a-.b", malformed("'a-.b' is not a domain name")},
        {"a_b.c", malformed("'a_b.c' is not a domain name")},
        {"https://ca", malformed("'https://ca' is not a domain name")},
        {"a, b", malformed("'a, b' is not a domain name")},
        {"a b", malformed("'a b' is not a domain name")},
        {"\"ca\"", malformed("'\"ca\"' is not a domain name")},
        {"c\x00"s, malformed("'c?' is not a domain name")},
        {"b\xc3\xbc", malformed("'b?\?' is not a domain name")},
        {"ca\n", malformed("'ca?' is not a domain name")},
        {"a; b", malformed("its parameter 'b' has no '='")},
        {"ca;;", malformed("it has an empty parameter")},
        {"ca; ;", malformed("it has an empty parameter")},
        {"ca;x=1;", malformed("it has an empty parameter")},
        {"ca;x=1; ", malformed("it has an empty parameter")},
        {"ca;;x=1", malformed("it has an empty parameter")},
        {"ca;x=1;;y=2", malformed("it has an empty parameter")},
        {"ca; x=1 2", malformed("'1 2' is not a parameter value")},
        {"ca; x=1 y=2", malformed("'1 y=2' is not a parameter value")},
        {"ca; x=\xe2\x98\x95", malformed("'?\?\?' is not a parameter value")},
        {"ca; x=\x7f", malformed("'?' is not a parameter value")},
        {"ca; a_b=1", malformed("'a_b' is not a parameter name")},
        {"ca; a b=1", malformed("'a b' is not a parameter name")},
        {"ca; a-b=1", malformed("'a-b' is not a parameter name")},
        {std::string(70, '%'), malformed("'" + std::string(60, '%') + "...' is not a domain name")},
    };
    for (auto const& c : cases)
        check(c);
}

BOOST_AUTO_TEST_CASE(a_parameter_may_have_no_name_and_hyphens_where_accepted) {
    check({"ca; =1", {"ca", {{"", "1"}}, {}}});
    check({"ca; a-b=1", {"ca", {{"a-b", "1"}}, {}}}, true);
    check({"ca; -b=1", malformed("'-b' is not a parameter name")}, true);
    check({"ca; a-=1", malformed("'a-' is not a parameter name")}, true);
}

BOOST_AUTO_TEST_SUITE_END()
