#include "persist/record.hpp"

#include "base/time.hpp"
#include "persist/time.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(persist_record)

using namespace acme_dns01;
using namespace acme_dns01::persist;

using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

// "letsencrypt.org|https://ca/1|wildcard|5", or the issuer and why no CA takes it.
std::string shown(record const& r) {
    if (!r.malformed.empty()) return r.issuer + ": " + r.malformed;
    return r.issuer + "|" + r.account_uri + "|" + (r.wildcard ? "wildcard" : "") + "|" +
           (r.until ? std::to_string(*r.until) : "");
}

struct row {
    std::string text;
    std::string meaning;
};

std::vector<std::uint8_t> bytes_of(std::string const& text) { return {text.begin(), text.end()}; }

} // namespace

BOOST_AUTO_TEST_CASE(a_record_is_read_as_lets_encrypt_reads_it) {
    row const rows[]{
        {"letsencrypt.org; accounturi=https://ca/1", "letsencrypt.org|https://ca/1||"},
        {"letsencrypt.org;accounturi=https://ca/1", "letsencrypt.org|https://ca/1||"},
        {" \tletsencrypt.org\t ; accounturi \t=\t https://ca/1 ", "letsencrypt.org|https://ca/1||"},
        {"LetsEncrypt.ORG.; accounturi=https://ca/1", "letsencrypt.org|https://ca/1||"},
        {"bücher.example; accounturi=https://ca/1", "xn--bcher-kva.example|https://ca/1||"},
        {"ca.example; AccountURI=https://CA/1", "ca.example|https://CA/1||"},
        {"ca.example; accounturi=u; policy=wildcard; persistUntil=5", "ca.example|u|wildcard|5"},
        {"ca.example; persistuntil=5; POLICY=WildCard; accounturi=u", "ca.example|u|wildcard|5"},
        {"ca.example; accounturi=u=v", "ca.example|u=v||"},
        {"ca.example; accounturi=u; policy=", "ca.example|u||"},
        {"ca.example; accounturi=u; policy=specific", "ca.example|u||"},
        {"ca.example; accounturi=u; new=1; new=2; nothing=", "ca.example|u||"},
        {"ca.example; accounturi=u; persistUntil=0", "ca.example|u||0"},
        {"ca.example; accounturi=u; persistUntil=-1", "ca.example|u||-1"},
        {"ca.example; accounturi=u; persistUntil=+7", "ca.example|u||7"},
        {"ca.example; accounturi=u; persistUntil=9223372036854775807",
         "ca.example|u||9223372036854775807"},
    };
    for (auto const& r : rows)
        BOOST_TEST_CONTEXT(r.text) { BOOST_TEST(shown(parse_record(r.text)) == r.meaning); }
}

BOOST_AUTO_TEST_CASE(a_malformed_record_keeps_its_issuer_and_says_why) {
    std::string const fine = "ca.example; accounturi=u";
    row const rows[]{
        {"", ": it has no accounturi"},
        {" ; accounturi=u", "|u||"},
        {"not a name; accounturi=u", "|u||"},
        {"ca.example", "ca.example: it has no accounturi"},
        {"ca.example;", "ca.example: it has an empty parameter"},
        {fine + ";", "ca.example: it has an empty parameter"},
        {"ca.example;; accounturi=u", "ca.example: it has an empty parameter"},
        {fine + "; ; policy=wildcard", "ca.example: it has an empty parameter"},
        {fine + "; policy", "ca.example: its parameter 'policy' has no '='"},
        {fine + "; =wildcard", "ca.example: its parameter '=wildcard' has no name"},
        {"ca.example; accounturi=", "ca.example: its accounturi is empty"},
        {"ca.example; accounturi=u v", "ca.example: 'u v' is not a parameter value"},
        {"ca.example; accounturi=u\x01", "ca.example: 'u?' is not a parameter value"},
        {"ca.example; accounturi=\xc3\xa9", "ca.example: '\?\?' is not a parameter value"},
        {fine + "; new=a b", "ca.example: 'a b' is not a parameter value"},
        {fine + "; AccountUri=u", "ca.example: it has AccountUri twice"},
        {fine + "; policy=wildcard; POLICY=wildcard", "ca.example: it has POLICY twice"},
        {fine + "; persistUntil=1; persistUntil=1", "ca.example: it has persistUntil twice"},
        {fine + "; persistUntil=", "ca.example: its persistUntil '' is not a number of seconds"},
        {fine + "; persistUntil=1.5",
         "ca.example: its persistUntil '1.5' is not a number of seconds"},
        {fine + "; persistUntil=+-1",
         "ca.example: its persistUntil '+-1' is not a number of seconds"},
        {fine + "; persistUntil=2027-06-30",
         "ca.example: its persistUntil '2027-06-30' is not a number of seconds"},
        {fine + "; persistUntil=9223372036854775808",
         "ca.example: its persistUntil '9223372036854775808' is not a number of seconds"},
    };
    for (auto const& r : rows)
        BOOST_TEST_CONTEXT(r.text) { BOOST_TEST(shown(parse_record(r.text)) == r.meaning); }
    BOOST_TEST(parse_record(fine + ";").account_uri == "u");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back) {
    record const whole{"ca.example", "", "https://ca/1", true, 1782777600};
    auto const text = "ca.example; accounturi=https://ca/1; policy=wildcard; "
                      "persistUntil=1782777600";
    BOOST_TEST(to_text(whole) == text);
    BOOST_TEST((parse_record(text) == whole));
    BOOST_TEST(to_text({.issuer = "ca.example", .account_uri = "u"}) == "ca.example; accounturi=u");
}

BOOST_AUTO_TEST_CASE(the_strings_of_a_record_are_joined) {
    BOOST_TEST(text_of_rdata(bytes_of("\3abc\2de")).value() == "abcde");
    BOOST_TEST(text_of_rdata(bytes_of(std::string(1, '\0'))).value() == "");
    BOOST_TEST(!text_of_rdata(bytes_of("\4abc")).has_value());
    BOOST_TEST(!text_of_rdata({}).has_value());
}

BOOST_AUTO_TEST_CASE(the_record_stands_below_a_label_of_its_own) {
    auto const name = record_name(dns::name::parse("www.example.com").value());
    BOOST_TEST(name.value().text() == "_validation-persist.www.example.com");
    auto const long_name = std::string(60, 'a') + "." + std::string(60, 'b') + "." +
                           std::string(60, 'c') + "." + std::string(60, 'd');
    BOOST_TEST(!record_name(dns::name::parse(long_name).value()).has_value());
}

BOOST_AUTO_TEST_CASE(an_end_is_a_time_a_date_or_a_number_of_days) {
    constexpr std::int64_t now = 1'795'000'000; // 2026-11-18T11:06:40Z
    struct {
        std::string text;
        std::string end;
    } const rows[]{
        {"2027-06-30", "2027-06-30T00:00:00Z"},
        {"2028-02-29", "2028-02-29T00:00:00Z"},
        {"2027-06-30T12:34:56Z", "2027-06-30T12:34:56Z"},
        {"2027-06-30t12:34:56z", "2027-06-30T12:34:56Z"},
        {"2027-06-30 12:34:56.789+02:00", "2027-06-30T10:34:56Z"},
        {"2027-06-30T23:59:60-01:30", "2027-07-01T01:30:00Z"},
        {"1d", "2026-11-19T11:06:40Z"},
        {"90d", "2027-02-16T11:06:40Z"},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
    };
    for (auto const& r : rows) {
        BOOST_TEST_CONTEXT(r.text) {
            BOOST_TEST(rfc3339(sys_seconds(seconds(parse_until(r.text, now).value()))) == r.end);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_end_that_is_none_or_has_passed_is_wrong_usage) {
    constexpr std::int64_t now = 1'795'000'000; // 2026-11-18T11:06:40Z
    auto const bad = {
        "",
        "d",
        "90",
        "-1d",
        "1.5d",
        "90 d",
        "36501d",
        "tomorrow",
        "2027-6-30",
        "2027-02-29",
        "2027-13-01",
        "2027-06-30T",
        "2027-06-30T12:34:56",
        "2027-06-30T12:34Z",
        "2027-06-30T24:00:00Z",
        "2027-06-30T12:60:00Z",
        "2027-06-30T12:34:56.Z",
        "2027-06-30T12:34:56.7",
        "2027-06-30T12:34:56+0200",
        "2027-06-30T12:34:56+25:00",
        "2027-06-30T12:34:56Zz"};
    for (std::string const text : bad) {
        auto const refused = parse_until(text, now);
        BOOST_TEST_CONTEXT(text) {
            BOOST_REQUIRE(!refused);
            BOOST_TEST((refused.error().kind == error_kind::usage));
            BOOST_TEST(refused.error().message == "'" + text + "' is not a time");
            BOOST_TEST(
                refused.error().hint == "give a time such as 2027-06-30T12:00:00Z, a date such as "
                                        "2027-06-30, or a number of days such as 90d"
            );
        }
    }
    for (std::string const text : {"0d", "2026-11-18", "2026-11-18T11:06:40Z", "1970-01-01"}) {
        auto const refused = parse_until(text, now);
        BOOST_TEST_CONTEXT(text) {
            BOOST_REQUIRE(!refused);
            BOOST_TEST(refused.error().message == "'" + text + "' is in the past");
            BOOST_TEST(refused.error().hint == "give a time that is still to come");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
