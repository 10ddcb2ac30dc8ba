#include "base/text.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(base_text)

using namespace acme_dns01;

using texts = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(lower_folds_ascii_and_nothing_else) {
    struct {
        std::string text;
        std::string expected;
    } const cases[] = {
        {"", ""},
        {"AZaz09-_.", "azaz09-_."},
        {"@[`{", "@[`{"},
        {"B\xc3\x9c\xc4\xb0", "b\xc3\x9c\xc4\xb0"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(lower(c.text) == c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(trimmed_removes_blanks_at_both_ends_only) {
    struct {
        std::string_view text;
        std::string_view expected;
    } const cases[] = {
        {"", ""},
        {" \t\r\n", ""},
        {"a", "a"},
        {"\r\n a b\t", "a b"},
        {"\va\f", "\va\f"},
        {std::string_view(" \0 ", 3), std::string_view("\0", 1)},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected) { BOOST_TEST(trimmed(c.text) == c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(split_omits_empty_pieces) {
    struct {
        std::string text;
        std::string separators;
        texts expected;
    } const cases[] = {
        {"", ",", {}},
        {",, ,", ",", {}},
        {"a", ",", {"a"}},
        {"a,b", ",", {"a", "b"}},
        {" a , b ,", ",", {"a", "b"}},
        {"a b,c", ", ", {"a", "b", "c"}},
        {"a b,c", ",", {"a b", "c"}},
        {"one\r\n\ntwo", "\n", {"one", "two"}},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            BOOST_TEST(split(c.text, c.separators) == c.expected, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(joined_puts_separators_between_pieces_only) {
    struct {
        texts pieces;
        std::string expected;
    } const cases[] = {
        {{}, ""},
        {{"a"}, "a"},
        {{"a", "b", "c"}, "a; b; c"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected) { BOOST_TEST(joined(c.pieces, "; ") == c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(printable_is_one_short_line_of_ascii) {
    struct {
        std::string text;
        std::size_t length_max;
        std::string expected;
    } const cases[] = {
        {"", 3, ""},
        {"abc", 3, "abc"},
        {"abcd", 3, "abc..."},
        {"a", 0, "..."},
        {" ~", 9, " ~"},
        {"\x1b[31mred\x07", 20, "?[31mred?"},
        {"a\r\nb\tc\x7f", 20, "a??b?c?"},
        {"b\xc3\xbc"
         "cher",
         20,
         "b??cher"},
        {std::string("a\0b", 3), 20, "a?b"},
        {"\n\n\n\n", 3, "???..."},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected) {
            BOOST_TEST(printable(c.text, c.length_max) == c.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_shell_reads_a_word_back) {
    BOOST_TEST(shell_word("https://ca.example/acct/1") == "https://ca.example/acct/1");
    BOOST_TEST(shell_word("") == "''");
    BOOST_TEST(shell_word("*.example.com") == "'*.example.com'");
    BOOST_TEST(shell_word("a b$c") == "'a b$c'");
    BOOST_TEST(shell_word("a?b&c") == "'a?b&c'");
    BOOST_TEST(shell_word("it's") == R"('it'\''s')");
}

BOOST_AUTO_TEST_CASE(quoted_text_is_printable) {
    BOOST_TEST(in_quotes("a\nb", 3) == "'a?b'");
    BOOST_TEST(in_quotes("abcd", 3) == "'abc...'");
}

BOOST_AUTO_TEST_CASE(letters_and_digits_are_those_of_ascii) {
    for (auto const c : std::string("09azAZ"))
        BOOST_TEST(is_alphanumeric(c));
    for (auto const c : std::string("/:@[`{-_. \xe4"))
        BOOST_TEST(!is_alphanumeric(c));
}

BOOST_AUTO_TEST_CASE(the_final_dot_of_a_name_is_removed) {
    BOOST_TEST(without_final_dot("example.com.") == "example.com");
    BOOST_TEST(without_final_dot("example.com") == "example.com");
    BOOST_TEST(without_final_dot(".") == ".");
    BOOST_TEST(without_final_dot("") == "");
}

BOOST_AUTO_TEST_CASE(counted_is_singular_for_one_only) {
    BOOST_TEST(counted(0, "zone") == "0 zones");
    BOOST_TEST(counted(1, "zone") == "1 zone");
    BOOST_TEST(counted(2, "zone") == "2 zones");
}

BOOST_AUTO_TEST_CASE(decimal_is_never_in_exponent_form) {
    struct {
        double value;
        int digits;
        std::string expected;
    } const cases[] = {
        {0, 2, "0.00"},
        {1.619, 2, "1.62"},
        {0.0000001, 2, "0.00"},
        {120, 1, "120.0"},
        {59.6, 0, "60"},
        {1e15, 1, "1000000000000000.0"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.value) { BOOST_TEST(decimal(c.value, c.digits) == c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(decimal_of_a_huge_number_is_cut_at_its_buffer) {
    BOOST_TEST(decimal(1e300, 2).size() == 63U);
}

BOOST_AUTO_TEST_SUITE_END()
