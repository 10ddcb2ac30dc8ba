#include "challenge/allow_list.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(challenge_allow_list)

using namespace acme_dns01;
using challenge::allow_list;

namespace {

using texts = std::vector<std::string>;

bool allows(texts const& patterns, std::string_view domain) {
    auto const limits = allow_list::parse(patterns).value();
    return limits.check(dns::name::parse(domain).value()).has_value();
}

} // namespace

BOOST_AUTO_TEST_CASE(without_patterns_everything_is_allowed) {
    BOOST_TEST(allows({}, "example.com"));
    BOOST_TEST(!allow_list().is_limited());
}

BOOST_AUTO_TEST_CASE(a_name_allows_itself_and_a_wildcard_what_is_below) {
    struct {
        texts patterns;
        std::string domain;
        bool allowed;
    } const cases[] = {
        {{"example.com"}, "example.com", true},
        {{"Example.COM."}, "example.com", true},
        {{"example.com"}, "www.example.com", false},
        {{"example.com"}, "*.example.com", false},
        {{"example.com"}, "badexample.com", false},
        {{"*.example.com"}, "www.example.com", true},
        {{"*.example.com"}, "a.b.example.com", true},
        {{"*.example.com"}, "*.example.com", true},
        {{"*.example.com"}, "example.com", false},
        {{"*.example.com"}, "badexample.com", false},
        {{"example.net", "*.example.com"}, "example.net", true},
        // Records: a challenge name stands for the domain it proves.
        {{"example.com"}, "_acme-challenge.example.com", true},
        {{"*.example.com"}, "_acme-challenge.example.com", true},
        {{"*.example.com"}, "_acme-challenge.www.example.com", true},
        {{"www.example.com"}, "_acme-challenge.example.com", false},
        {{"example.com"}, "_ujmmovf2vn55tgye._acme-challenge.example.com", true},
        {{"*.example.com"}, "_ujmmovf2vn55tgye._acme-challenge.example.com", true},
        {{"www.example.com"}, "_ujmmovf2vn55tgye._acme-challenge.example.com", false},
        {{"example.net"}, "_acme-challenge.example.com", false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.patterns.front() << " and " << c.domain) {
            BOOST_TEST(allows(c.patterns, c.domain) == c.allowed);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_is_allowed) {
    auto const limits = allow_list::parse({"example.com", "*.example.net"}).value();
    auto const refused = limits.check(dns::name::parse("example.org").value());
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().kind == error_kind::configuration));
    BOOST_TEST(
        refused.error().message ==
        "example.org is not among the names that this host may touch: example.com, *.example.net"
    );
    BOOST_TEST(refused.error().hint == "extend 'allow' in the configuration if it should be");
}

BOOST_AUTO_TEST_CASE(a_pattern_must_be_a_name) {
    for (auto const* text : {"exa mple.com", "www.*.example.com", "-.example..com"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const parsed = allow_list::parse({text});
            BOOST_REQUIRE(!parsed);
            BOOST_TEST((parsed.error().kind == error_kind::usage));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
