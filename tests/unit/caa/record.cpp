#include "caa/record.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_record)

using namespace acme_dns01;
using namespace acme_dns01::caa;

namespace {

result<property> parsed(std::string const& rdata) {
    std::vector<std::uint8_t> const bytes(rdata.begin(), rdata.end());
    return parse_property(bytes);
}

} // namespace

BOOST_AUTO_TEST_CASE(rdata_is_flags_tag_and_the_rest) {
    using namespace std::string_literals;
    struct {
        std::string rdata;
        property expected;
    } const cases[] = {
        {"\x00\x05issueca.example"s, {0, "issue", "ca.example"}},
        {"\x80\x05iSsUe;"s, {128, "iSsUe", ";"}},
        {"\x01\x09issuewild"s, {1, "issuewild", ""}},
        {"\x00\x01t\x00\xff"s, {0, "t", "\x00\xff"s}},
        {"\x00\x0aissue-wild;"s, {0, "issue-wild", ";"}},
        {"\x00\xff"s + std::string(255, 'a') + std::string(300, 'b'),
         {0, std::string(255, 'a'), std::string(300, 'b')}},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected.tag) { BOOST_TEST((parsed(c.rdata).value() == c.expected)); }
    }
}

BOOST_AUTO_TEST_CASE(rdata_that_is_cut_short_is_refused) {
    using namespace std::string_literals;
    struct {
        std::string rdata;
        std::string message;
    } const cases[] = {
        {"", "a CAA record is malformed: it is cut short"},
        {"\x00"s, "a CAA record is malformed: it is cut short"},
        {"\x00\x00"s, "a CAA record is malformed: its tag is empty"},
        {"\x00\x00value"s, "a CAA record is malformed: its tag is empty"},
        {"\x00\x06issue"s, "a CAA record is malformed: it is cut short"},
        {"\x00\xffissue"s, "a CAA record is malformed: it is cut short"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.rdata.size()) {
            auto const p = parsed(c.rdata);
            BOOST_REQUIRE(!p);
            BOOST_TEST((p.error().kind == error_kind::dns_failure));
            BOOST_TEST(p.error().message == c.message);
        }
    }
}

BOOST_AUTO_TEST_CASE(text_is_that_of_a_zone_file_in_printable_ascii) {
    using namespace std::string_literals;
    struct {
        property p;
        std::string expected;
    } const cases[] = {
        {{0, "issue", "letsencrypt.org"}, "0 issue \"letsencrypt.org\""},
        {{128, "iodef", ""}, "128 iodef \"\""},
        {{0, "issue", "a\"b\\c"}, "0 issue \"a\\\"b\\\\c\""},
        {{0, "issue", "\x00\n\x1b\x7f\xc3\xbc"s}, "0 issue \"\\000\\010\\027\\127\\195\\188\""},
        {{0, "t\x1b[2J", "v"}, "0 t\\027[2J \"v\""},
    };
    for (auto const& c : cases)
        BOOST_TEST(to_string(c.p) == c.expected);
}

BOOST_AUTO_TEST_CASE(in_a_sentence_it_is_cut) {
    BOOST_TEST(shown({0, "issue", "ca.example"}) == "CAA 0 issue \"ca.example\"");
    property const longest{0, "issue", std::string(65000, 'a')};
    BOOST_TEST(
        shown(longest) == "CAA 0 issue \"" + std::string(shown_length_max - 13, 'a') + "..."
    );
}

BOOST_AUTO_TEST_CASE(two_of_the_bits_are_critical) {
    for (unsigned flags = 0; flags < 256; ++flags) {
        BOOST_TEST_CONTEXT(flags) {
            auto const expected = flags >= 128 || flags % 2 == 1;
            BOOST_TEST(is_critical({static_cast<std::uint8_t>(flags), "t", ""}) == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(tags_are_compared_without_case) {
    BOOST_TEST(has_tag({0, "IssueWild", ""}, "issuewild"));
    BOOST_TEST(!has_tag({0, "issue", ""}, "issuewild"));
}

BOOST_AUTO_TEST_SUITE_END()
