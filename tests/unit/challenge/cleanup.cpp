#include "challenge/cleanup.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::challenge;

namespace {

using keys = std::vector<std::int64_t>;

constexpr auto value = "gfj9Xq-Rg85nM_BDJuMZ4rSzSdNNbyKtvZ1TpVvkcAo";
constexpr auto other_value = "-fj9Xq-Rg85nM_BDJuMZ4rSzSdNNbyKtvZ1TpVvkcAo";

journal::entry row(std::int64_t key, std::string const& domain, std::string const& text) {
    auto const c = make_challenge(domain, text).value();
    journal::entry e;
    e.key = key;
    e.domain = c.domain;
    e.fqdn = c.fqdn;
    e.value = c.value;
    e.at = journal::state::created;
    return e;
}

keys cleaned_of(
    std::vector<journal::entry> const& rows,
    std::string const& domain,
    std::string const& text = value
) {
    keys found;
    for (auto const& e : rows_to_clean(rows, make_challenge(domain, text).value()))
        found.push_back(e.key);
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(challenge_cleanup)

BOOST_AUTO_TEST_CASE(a_record_is_named_by_zone_and_id) {
    struct {
        std::string text;
        std::string zone;
        std::int64_t id;
    } const cases[] = {
        {"example.com/28448446", "example.com", 28448446},
        {"Example.COM./1", "example.com", 1},
        {"_acme-challenge.example.com/7", "_acme-challenge.example.com", 7},
        {"example.com/9223372036854775807", "example.com", 9223372036854775807},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const parsed = parse_record_id(c.text);
            BOOST_REQUIRE(parsed);
            BOOST_TEST(parsed->zone.text() == c.zone);
            BOOST_TEST(parsed->id == c.id);
        }
    }
}

BOOST_AUTO_TEST_CASE(says_why_a_text_names_no_record) {
    for (std::string const text :
         {"",
          "/",
          "./1",
          "28448446",
          "example.com",
          "example.com/",
          "example.com/0",
          "example.com/-1",
          "example.com/+1",
          "example.com/ 1",
          "example.com/1 ",
          "example.com/1a",
          "example.com/0x1",
          "example.com/9223372036854775808"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const parsed = parse_record_id(text);
            BOOST_REQUIRE(!parsed);
            BOOST_TEST(to_string(parsed.error().kind) == "usage");
            BOOST_TEST(parsed.error().message == "'" + text + "' names no record");
            BOOST_TEST(parsed.error().hint == "write <zone>/<id>, such as example.com/28448446");
        }
    }
}

BOOST_AUTO_TEST_CASE(says_why_a_zone_is_none) {
    auto const characters = "is not a domain name: a label holds only letters, digits, '-' and '_'";
    struct {
        std::string text;
        std::string message;
    } const cases[] = {
        {"/1", "'' is not a domain name: it is empty"},
        {"a/b/1", "'a/b' " + std::string(characters)},
        {"../domains/example.com/1",
         "'../domains/example.com' is not a domain name: it has an empty label"},
        {"\x1b[2J/1", "'?[2J' " + std::string(characters)},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const parsed = parse_record_id(c.text);
            BOOST_REQUIRE(!parsed);
            BOOST_TEST(to_string(parsed.error().kind) == "usage");
            BOOST_TEST(parsed.error().message == c.message);
        }
    }
}

BOOST_AUTO_TEST_CASE(name_and_value_have_to_be_the_very_same) {
    std::vector<journal::entry> const rows{
        row(1, "example.com", value),
        row(2, "example.com", other_value),
        row(3, "www.example.com", value),
        row(4, "badexample.com", value),
    };
    BOOST_TEST(cleaned_of(rows, "example.com") == keys{1}, boost::test_tools::per_element());
    BOOST_TEST(
        cleaned_of(rows, "example.com", other_value) == keys{2}, boost::test_tools::per_element()
    );
    BOOST_TEST(cleaned_of(rows, "example.net").empty());
    BOOST_TEST(cleaned_of({}, "example.com").empty());
}

// Some CAs give a name and its wildcard the same value: removing one must leave the other.
BOOST_AUTO_TEST_CASE(a_name_and_its_wildcard_are_told_apart_where_both_are_there) {
    std::vector<journal::entry> const rows{
        row(1, "example.com", value), row(2, "*.example.com", value)};
    BOOST_TEST(cleaned_of(rows, "example.com") == keys{1}, boost::test_tools::per_element());
    BOOST_TEST(cleaned_of(rows, "*.example.com") == keys{2}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(where_only_the_other_of_the_two_is_there_it_is_meant) {
    std::vector<journal::entry> const rows{row(1, "*.example.com", value)};
    BOOST_TEST(cleaned_of(rows, "example.com") == keys{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_row_of_the_challenge_is_meant_whatever_its_state) {
    auto rows = std::vector{
        row(1, "example.com", value), row(2, "example.com", value), row(3, "example.com", value)};
    rows[0].at = journal::state::intended;
    rows[2].at = journal::state::removing;
    BOOST_TEST(
        cleaned_of(rows, "example.com") == (keys{1, 2, 3}), boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_SUITE_END()
