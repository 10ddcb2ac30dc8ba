#include "cli/output/caa_report.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(cli_caa_report)

using namespace acme_dns01;
using namespace acme_dns01::cli;
namespace json = boost::json;
using boost::test_tools::per_element;
using content = caa::level::content;

namespace {

using texts = std::vector<std::string>;

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

caa::level level(std::string_view node, content is, dns::dnssec status = dns::dnssec::insecure) {
    caa::level l;
    l.node = parsed(node);
    l.target = l.node;
    l.is = is;
    l.dnssec = status;
    return l;
}

caa::level with_records(std::string_view node, std::vector<caa::property> records) {
    auto l = level(node, content::records, dns::dnssec::secure);
    l.records = std::move(records);
    return l;
}

caa::property const ours{0, "issue", "letsencrypt.org"};
caa::property const theirs{128, "issue", "ca.example; \x07"};

caa::request request_for(std::string_view domain, bool wildcard = false) {
    caa::request r;
    r.domain = parsed(domain);
    r.wildcard = wildcard;
    r.by = {"Let's Encrypt", {"letsencrypt.org"}, true};
    return r;
}

caa::checked with_verdict(caa::verdict v) {
    caa::checked c;
    c.asked = request_for("example.com", true);
    c.climb = {with_records("example.com", {theirs}), level("com", content::nothing)};
    c.decided.is = v;
    c.decided.reason = "a reason";
    c.decided.dnssec = dns::dnssec::secure;
    return c;
}

using levels = std::vector<caa::level>;

// The name's own level is an alias, the one above decides, the TLD's records do not count.
levels climb() {
    auto own = level("www.example.com", content::missing);
    own.target = parsed("edge.example.net");
    return {own, with_records("example.com", {ours, theirs}), with_records("com", {ours})};
}

levels broken() {
    auto own = level("example.org", content::failed, dns::dnssec::bogus);
    own.failure = "signature expired\n at";
    return {own, level("org", content::nothing)};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_verdict_for_programs) {
    BOOST_TEST(
        json::serialize(to_json(with_verdict(caa::verdict::permitted))) ==
        R"({"domain":"*.example.com","issuer":"letsencrypt.org","verdict":"permitted",)"
        R"("reason":"a reason","found_at":"example.com",)"
        R"("records":[{"flags":128,"tag":"issue","value":"ca.example; ?"}],)"
        R"("dnssec":"secure","warnings":[],"fix":null})"
    );
    auto c = with_verdict(caa::verdict::error);
    c.climb = broken();
    c.decided.dnssec = dns::dnssec::bogus;
    c.decided.advice = "fix it";
    c.decided.warnings = {"a warning"};
    BOOST_TEST(
        json::serialize(to_json(c)) ==
        R"({"domain":"*.example.com","issuer":"letsencrypt.org","verdict":"error",)"
        R"("reason":"a reason","found_at":null,"records":[],"dnssec":"bogus",)"
        R"("warnings":["a warning"],"fix":"fix it"})"
    );
}

BOOST_AUTO_TEST_CASE(a_verdict_for_people) {
    auto c = with_verdict(caa::verdict::forbidden);
    c.decided.advice = "fix it";
    c.decided.warnings = {"one", "two"};
    texts const expected{
        "*.example.com: forbidden (letsencrypt.org, DNSSEC secure)",
        "  a reason",
        "  warning: one",
        "  warning: two",
        "  to do: fix it",
    };
    BOOST_TEST(lines_for(c) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(the_worst_verdict_is_the_outcome) {
    auto const good = with_verdict(caa::verdict::permitted);
    auto const bad = with_verdict(caa::verdict::forbidden);
    auto const unknown = with_verdict(caa::verdict::error);
    BOOST_TEST(outcome_of(std::vector{good, good}).has_value());
    auto const one = outcome_of(std::vector{bad}).error();
    BOOST_TEST((one.kind == error_kind::caa_forbidden));
    BOOST_TEST(one.message == "CAA forbids Let's Encrypt to issue");
    auto const some = outcome_of(std::vector{good, bad, bad}).error();
    BOOST_TEST(some.message == "CAA forbids Let's Encrypt to issue for 2 of 3 domains");
    auto const both = outcome_of(std::vector{bad, unknown}).error();
    BOOST_TEST((both.kind == error_kind::dns_failure));
    BOOST_TEST(
        both.message ==
        "CAA could not be checked for 1 of 2 domains, and forbids Let's Encrypt to issue for 1 more"
    );
}

BOOST_AUTO_TEST_CASE(a_climb_for_people) {
    texts const expected{
        "www.example.com",
        "  www.example.com  no such name                      insecure",
        "    alias of edge.example.net",
        "  example.com      decides                           secure",
        "    0 issue \"letsencrypt.org\"",
        "    128 issue \"ca.example; \\007\"",
        "  com              1 CAA record, and does not count  secure",
        "    0 issue \"letsencrypt.org\"",
    };
    BOOST_TEST(lines_for(climb()) == expected, per_element());
    texts const without_answer{
        "example.org",
        "  example.org  no usable answer                   bogus",
        "    signature expired? at",
        "  org          no CAA records, and does not count  insecure",
    };
    BOOST_TEST(lines_for(broken()).size() == without_answer.size());
    BOOST_TEST(lines_for(broken())[2] == without_answer[2]);
    texts const empty{
        "example.com",
        "  example.com  no CAA records  insecure",
        "  no CAA record anywhere: any CA may issue",
    };
    levels const nothing{level("example.com", content::nothing)};
    BOOST_TEST(lines_for(nothing) == empty, per_element());
    levels flawed{level("a.example.com", content::missing), level("example.com", content::nothing)};
    flawed[0].has_flaw = caa::level::flaw::only_caa_is_nx;
    texts const with_flaw{
        "a.example.com",
        "  a.example.com  no such name    insecure",
        "    only in answer to queries for CAA",
        "  example.com    no CAA records  insecure",
        "  no CAA record anywhere: any CA may issue",
    };
    BOOST_TEST(lines_for(flawed) == with_flaw, per_element());
    texts const no_top{
        "example.con",
        "  example.con  no such name  insecure",
        "  con          no such name  insecure",
        "  no CAA record anywhere: any CA may issue (RFC 8659 3) except Let's Encrypt, because "
        "there is no top-level domain con",
    };
    levels const missing{level("example.con", content::missing), level("con", content::missing)};
    BOOST_TEST(lines_for(missing) == no_top, per_element());
}

BOOST_AUTO_TEST_CASE(very_many_records_are_not_all_shown_to_people) {
    levels const many{with_records("example.com", std::vector<caa::property>(1001, ours))};
    auto const lines = lines_for(many);
    BOOST_TEST(lines.size() == 23U);
    BOOST_TEST(lines.back() == "    and more: 1001 records in all");
    BOOST_TEST(to_json(many).at("records").as_array().size() == 1001U);
}

BOOST_AUTO_TEST_CASE(a_climb_for_programs) {
    BOOST_TEST(
        json::serialize(to_json(climb())) ==
        R"({"domain":"www.example.com","found_at":"example.com",)"
        R"("records":[{"flags":0,"tag":"issue","value":"letsencrypt.org"},)"
        R"({"flags":128,"tag":"issue","value":"ca.example; ?"}],"dnssec":"secure","climb":[)"
        R"({"name":"www.example.com","found":"missing","alias_of":"edge.example.net",)"
        R"("records":[],"dnssec":"insecure","failure":null},)"
        R"({"name":"example.com","found":"records","alias_of":null,)"
        R"("records":[{"flags":0,"tag":"issue","value":"letsencrypt.org"},)"
        R"({"flags":128,"tag":"issue","value":"ca.example; ?"}],"dnssec":"secure","failure":null},)"
        R"({"name":"com","found":"records","alias_of":null,)"
        R"("records":[{"flags":0,"tag":"issue","value":"letsencrypt.org"}],)"
        R"("dnssec":"secure","failure":null}]})"
    );
    auto const failed = to_json(broken());
    BOOST_TEST(failed.at("found_at").is_null());
    BOOST_TEST(failed.at("dnssec") == "bogus");
    BOOST_TEST(failed.at("climb").at(0).at("found") == "failed");
    BOOST_TEST(failed.at("climb").at(0).at("failure") == "signature expired? at");
    BOOST_TEST(failed.at("climb").at(1).at("found") == "nothing");
}

BOOST_AUTO_TEST_CASE(a_climb_with_a_failed_look_up_is_a_failure) {
    BOOST_TEST(outcome_of(std::vector<levels>{climb()}).has_value());
    auto const failed = outcome_of(std::vector<levels>{climb(), broken()}).error();
    BOOST_TEST((failed.kind == error_kind::dns_failure));
    BOOST_TEST(failed.message == "CAA could not be checked for 1 of 2 domains");
}

BOOST_AUTO_TEST_CASE(a_change_is_shown_as_what_is_there_and_what_comes) {
    caa::change const c{parsed("example.com"), {theirs}, {ours}};
    texts const expected{
        "  example.com CAA 128 issue \"ca.example; \\007\"",
        "+ example.com CAA 0 issue \"letsencrypt.org\"",
    };
    BOOST_TEST(lines_for(c) == expected, per_element());
    BOOST_TEST(
        json::serialize(to_json(c)) ==
        R"({"name":"example.com","kept":[{"flags":128,"tag":"issue","value":"ca.example; ?"}],)"
        R"("added":[{"flags":0,"tag":"issue","value":"letsencrypt.org"}]})"
    );
}

BOOST_AUTO_TEST_SUITE_END()
