#include "caa/mistakes.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

BOOST_AUTO_TEST_SUITE(caa_mistakes)

using namespace acme_dns01::caa;

BOOST_AUTO_TEST_CASE(letters_that_differ_are_counted) {
    BOOST_TEST(edits_between("", "") == 0u);
    BOOST_TEST(edits_between("", "abc") == 3u);
    BOOST_TEST(edits_between("issue", "issue") == 0u);
    BOOST_TEST(edits_between("issue", "isuse") == 2u);
    BOOST_TEST(edits_between("kitten", "sitting") == 3u);
}

BOOST_AUTO_TEST_CASE(the_nearest_word_was_meant) {
    constexpr std::array<std::string_view, 4> words{"issue", "issuewild", "iodef", "tag"};
    struct {
        std::string text;
        std::string expected;
    } const cases[] = {
        {"issue", ""},
        {"Issue", "issue"},
        {"isuse", "issue"},
        {"issues", "issue"},
        {"issuewlid", "issuewild"},
        {"issue-wild", "issuewild"},
        {"iodeff", "iodef"},
        {"TAG", "tag"},
        {"tug", ""},
        {"foo", ""},
        {"", ""},
        {std::string(65000, 'i'), ""},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text.substr(0, 20)) {
            BOOST_TEST(meant_word(c.text, words) == c.expected);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
