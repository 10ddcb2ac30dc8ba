#include "cli/output/table.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(cli_table)

using namespace acme_dns01::cli;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

std::vector<column> const titled{{"NAME"}, {"ID", cells::numbers}, {"DATA", cells::long_text}};

rows const lines_of_three{{"www", "7", "192.0.2.1"}, {"@", "28448429", "ns1.digitalocean.com"}};

} // namespace

BOOST_AUTO_TEST_CASE(cells_stand_under_each_other_without_blanks_at_the_end) {
    BOOST_TEST(
        aligned({{}, {}, {}}, {{"a", "bbb", "c"}, {"aaa", "b", "ccc"}, {"aa", "", ""}}) ==
            (texts{"a    bbb  c", "aaa  b    ccc", "aa"}),
        per_element()
    );
    BOOST_TEST(aligned({{}}, {}).empty());
}

BOOST_AUTO_TEST_CASE(titles_stand_above_and_numbers_on_the_right) {
    BOOST_TEST(
        aligned(titled, lines_of_three) == (texts{
                                               "NAME        ID  DATA",
                                               "www          7  192.0.2.1",
                                               "@     28448429  ns1.digitalocean.com",
                                           }),
        per_element()
    );
    BOOST_TEST(aligned(titled, {}) == texts{"NAME  ID  DATA"}, per_element());
}

BOOST_AUTO_TEST_CASE(what_is_too_wide_for_the_terminal_is_cut_where_it_may_be) {
    struct {
        std::size_t width;
        std::string line;
    } const cases[] = {
        {36, "@     28448429  ns1.digitalocean.com"},
        {35, "@     28448429  ns1.digitalocean..."},
        {21, "@     28448429  ns..."},
        {20, "@     28448429  n..."},
        {19, "@     28448429  n..."},
        {0, "@     28448429  n..."},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.width) {
            auto const lines = aligned(titled, lines_of_three, c.width);
            BOOST_TEST(lines.at(2) == c.line);
            BOOST_TEST(lines.at(0) == "NAME        ID  DATA");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_table_without_a_column_that_may_be_cut_stays_as_it_is) {
    BOOST_TEST(aligned({{}}, {{"123456789"}}, 4) == texts{"123456789"}, per_element());
}

BOOST_AUTO_TEST_CASE(cells_are_printable) {
    BOOST_TEST(
        aligned({{}, {}}, {{"a\x1b[2J\n", "b\xff"}, {"c", "d"}}) ==
            (texts{"a?[2J?  b?", "c       d"}),
        per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_shortened_text_ends_in_dots) {
    struct {
        std::size_t width;
        std::string expected;
    } const cases[] = {
        {7, "abcdef"},
        {6, "abcdef"},
        {5, "ab..."},
        {4, "a..."},
        {3, "..."},
        {1, "."},
        {0, ""},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.width) { BOOST_TEST(shortened("abcdef", c.width) == c.expected); }
    }
}

BOOST_AUTO_TEST_SUITE_END()
