#include "dns/alias.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(dns_alias)

using namespace acme_dns01;
using namespace acme_dns01::dns;
using kind = alias_step::kind;

namespace {

name parsed(std::string_view text) { return name::parse(text).value(); }

record a_record(std::string_view owner, record_type type, std::string const& data) {
    return {parsed(owner), type, 60, data};
}

auto const cname = record_type::cname;
auto const dname = record_type::dname;
auto const ns = record_type::ns;
auto const txt = record_type::txt;

constexpr auto asked = "_acme-challenge.www.example.com";

message answer_of(std::vector<record> const& answer) {
    message m;
    m.response = true;
    m.authoritative = true;
    m.answer = answer;
    return m;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_an_answer_says_about_a_name) {
    struct {
        std::string what;
        std::vector<record> answer;
        kind expected;
        std::string next;
    } const cases[] = {
        {"nothing", {}, kind::target, asked},
        {"TXT", {a_record(asked, txt, "value")}, kind::target, asked},
        {"CNAME", {a_record(asked, cname, "there.example")}, kind::cname, "there.example"},
        {"another's CNAME",
         {a_record("www.example.com", cname, "there.example")},
         kind::target,
         asked},
        {"CNAME and more",
         {a_record(asked, cname, "there.example"),
          a_record("there.example", cname, "further.example"),
          a_record("further.example", txt, "value")},
         kind::cname,
         "there.example"},
        {"CNAME to no name", {a_record(asked, cname, "a b.example")}, kind::useless, "."},
        {"DNAME",
         {a_record("example.com", dname, "there.example")},
         kind::alias,
         "_acme-challenge.www.there.example"},
        {"DNAME of the parent",
         {a_record("www.example.com", dname, "there.example")},
         kind::alias,
         "_acme-challenge.there.example"},
        {"DNAME with the CNAME that it makes",
         {a_record("www.example.com", dname, "there.example"),
          a_record(asked, cname, "_acme-challenge.there.example")},
         kind::alias,
         "_acme-challenge.there.example"},
        {"DNAME to the root",
         {a_record("example.com", dname, ".")},
         kind::alias,
         "_acme-challenge.www"},
        {"its own DNAME", {a_record(asked, dname, "there.example")}, kind::target, asked},
        {"another's DNAME", {a_record("example.org", dname, "there.example")}, kind::target, asked},
        {"DNAME too long",
         {a_record(
             "example.com",
             dname,
             std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." +
                 std::string(50, 'd')
         )},
         kind::useless,
         "."},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            for (auto const code : {response_code::noerror, response_code::nxdomain}) {
                auto m = answer_of(c.answer);
                m.code = code;
                auto const step = step_in(m, parsed(asked), parsed("example.com"));
                BOOST_TEST((step.is == c.expected));
                BOOST_TEST(step.next.text() == c.next);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(without_authority_nothing_but_a_way_down_counts) {
    struct {
        std::string what;
        std::vector<record> authority;
        std::string expected;
    } const cases[] = {
        {"nothing", {}, ""},
        {"below",
         {a_record("www.example.com", ns, "a.example"),
          a_record("www.example.com", ns, "b.example")},
         "www.example.com a.example b.example"},
        {"the name itself", {a_record(asked, ns, "a.example")}, std::string(asked) + " a.example"},
        {"the zone itself", {a_record("example.com", ns, "a.example")}, ""},
        {"above", {a_record("com", ns, "a.example")}, ""},
        {"beside", {a_record("ftp.example.com", ns, "a.example")}, ""},
        {"beyond", {a_record("x." + std::string(asked), ns, "a.example")}, ""},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            auto m = answer_of({a_record(asked, cname, "from.a.cache")});
            m.authoritative = false;
            m.authority = c.authority;
            auto const step = step_in(m, parsed(asked), parsed("example.com"));
            auto const is_referral = step.is == kind::referral;
            BOOST_TEST((is_referral || step.is == kind::useless));
            auto text = is_referral ? step.next.text() : "";
            for (auto const& host : step.hosts)
                text += " " + host.text();
            BOOST_TEST(text == c.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_error_says_nothing) {
    for (auto const code :
         {response_code::servfail, response_code::refused, static_cast<response_code>(6)}) {
        auto m = answer_of({a_record(asked, cname, "there.example")});
        m.code = code;
        BOOST_TEST((step_in(m, parsed(asked), parsed("example.com")).is == kind::useless));
    }
}

BOOST_AUTO_TEST_SUITE_END()
