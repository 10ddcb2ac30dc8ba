#include "cli/output/json_text.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

using acme_dns01::cli::json_text;

namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(cli_json_text)

BOOST_AUTO_TEST_CASE(it_is_one_line_with_numbers_as_people_write_them) {
    json::object const inner{{"seconds", 1.62}, {"none", nullptr}};
    json::object const all{{"id", 28448446}, {"ok", true}, {"list", {inner, 0.000001, "a"}}};
    BOOST_TEST(
        json_text(all) ==
        R"({"id":28448446,"ok":true,"list":[{"seconds":1.62,"none":null},0.000001,"a"]})"
    );
}

BOOST_AUTO_TEST_CASE(what_is_utf_8_stays_as_it_is) {
    BOOST_TEST(json_text("b\u00fccher \"\\ \x1b\n") == "\"b\u00fccher \\\"\\\\ \\u001b\\n\"");
}

BOOST_AUTO_TEST_CASE(what_is_no_utf_8_is_made_printable) {
    for (auto const* const text : {"a\xff", "a\xc3", "a\x80"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(json_text(text) == R"("a?")");
            BOOST_TEST(json_text(json::object{{text, text}}) == R"({"a?":"a?"})");
        }
    }
    BOOST_TEST(json_text("\xed\xa0\x80") == R"("???")"); // half a pair of UTF-16
}

BOOST_AUTO_TEST_SUITE_END()
