#include "dns/name.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(dns_name)

using acme_dns01::dns::absolute_name;
using acme_dns01::dns::name;

namespace {

name parsed(std::string_view text) { return name::parse(text).value(); }

} // namespace

BOOST_AUTO_TEST_CASE(parses_into_the_form_that_compares) {
    struct {
        std::string text;
        std::string expected;
    } const cases[] = {
        {"example.com", "example.com"},
        {"Example.COM.", "example.com"},
        {"_acme-challenge.example.com", "_acme-challenge.example.com"},
        {"*.example.com", "*.example.com"},
        {"bücher.example", "xn--bcher-kva.example"},
        {"_acme-challenge.BÜCHER.example", "_acme-challenge.xn--bcher-kva.example"},
        {"faß.example", "xn--fa-hia.example"},
        {".", "."},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(parsed(c.text).text() == c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(says_why_a_text_is_no_name) {
    std::string const long_label(64, 'a');
    std::string const long_name = std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                                  std::string(63, 'c') + "." + std::string(63, 'd');
    struct {
        std::string text;
        std::string message;
    } const cases[] = {
        {"", "'' is not a domain name: it is empty"},
        {"a..b", "'a..b' is not a domain name: it has an empty label"},
        {".a", "'.a' is not a domain name: it has an empty label"},
        {"a b.example",
         "'a b.example' is not a domain name: a label holds only letters, digits, '-' and '_'"},
        {"a.*.example",
         "'a.*.example' is not a domain name: a label holds only letters, digits, '-' and '_'"},
        {"x\n.example",
         "'x?.example' is not a domain name: a label holds only letters, digits, '-' and '_'"},
        {{"a\0.\xc3\xbc.test", 10}, "'a?.??.test' is not a domain name: it has a zero byte"},
        {long_label + ".example",
         "'" + long_label + ".example' is not a domain name: a label is longer than 63 bytes"},
        {long_name,
         "'" + long_name.substr(0, 80) + "...' is not a domain name: it is longer than 253 bytes"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const n = name::parse(c.text);
            BOOST_REQUIRE(!n);
            BOOST_TEST(n.error().message == c.message);
            BOOST_TEST((n.error().kind == acme_dns01::error_kind::usage));
        }
    }
}

// Browsers and some registries allow names that IDNA 2008 refuses.
BOOST_AUTO_TEST_CASE(the_xn_form_is_a_way_out_where_idna_refuses_a_name) {
    auto const hint_for = [](std::string_view text) {
        auto const n = name::parse(text);
        return n ? n->text() : n.error().hint;
    };
    std::string const way_out = "if browsers accept the name, give its xn-- form, such as "
                                "xn--ls8h.example for a name with an emoji";
    BOOST_TEST(hint_for("\U0001F4A9.example") == way_out);
    BOOST_TEST(hint_for("a\u200db.example") == way_out);
    BOOST_TEST(hint_for("a\u05d0.example") == way_out);
    BOOST_TEST(hint_for("xn--ls8h.example") == "xn--ls8h.example");
    for (std::string const text : {"a b.example", "\xff.example", "b\u00fc..example"})
        BOOST_TEST(hint_for(text) == "");
}

BOOST_AUTO_TEST_CASE(is_within_compares_whole_labels) {
    BOOST_TEST(parsed("www.example.com").is_within(parsed("example.com")));
    BOOST_TEST(parsed("example.com").is_within(parsed("example.com")));
    BOOST_TEST(parsed("example.com").is_within(name()));
    BOOST_TEST(!parsed("badexample.com").is_within(parsed("example.com")));
    BOOST_TEST(!parsed("com").is_within(parsed("example.com")));
}

BOOST_AUTO_TEST_CASE(climbs_to_below_the_root) {
    std::vector<std::string> levels;
    for (auto const& level : parsed("a.b.example.com").climb())
        levels.push_back(level.text());
    std::vector<std::string> const expected{
        "a.b.example.com", "b.example.com", "example.com", "com"};
    BOOST_TEST(levels == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(relative_and_absolute_names_are_each_others_inverse) {
    auto const zone = parsed("example.com");
    for (auto const* relative : {"@", "www", "_acme-challenge.a.b"}) {
        BOOST_TEST_CONTEXT(relative) {
            BOOST_TEST(absolute_name(relative, zone).value().relative_to(zone) == relative);
        }
    }
    BOOST_TEST(absolute_name("www.example.org.", zone).value().text() == "www.example.org");
}

BOOST_AUTO_TEST_SUITE_END()
