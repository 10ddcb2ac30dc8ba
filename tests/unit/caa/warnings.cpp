#include "caa/warnings.hpp"

#include "support/caa_levels.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_warnings)

using namespace acme_dns01;
using namespace acme_dns01::caa;
using test::asked;
using test::issue;
using test::issuewild;
using test::levels_with;

namespace {

using sentences = std::vector<std::string>;

std::string const account(test::production_account);
std::string const pinned = "letsencrypt.org;accounturi=" + account;

decision decided(request const& r, std::vector<property> const& records) {
    return decide(r, levels_with(r.domain.text(), r.domain.text(), records));
}

void check(sentences const& got, sentences const& expected) {
    BOOST_TEST(got == expected, boost::test_tools::per_element());
}

// Of records at example.com; "<record>" stands for the first one and where it is.
struct row {
    std::vector<property> records;
    std::string is;
    sentences expected;
};

std::string filled_in(std::string text, property const& p) {
    constexpr std::string_view place = "<record>";
    auto const at = text.find(place);
    if (at != std::string::npos) text.replace(at, place.size(), shown(p) + " at example.com");
    return text;
}

void check(request const& r, row const& c) {
    BOOST_TEST_CONTEXT(shown(c.records.front())) {
        auto const d = decided(r, c.records);
        BOOST_TEST(to_string(d.is) == c.is);
        auto expected = c.expected;
        for (auto& e : expected)
            e = filled_in(e, c.records.front());
        check(d.warnings, expected);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(ordinary_sets_give_none) {
    std::vector<property> const sets[] = {
        {issue("letsencrypt.org")},
        {issue("letsencrypt.org"), issue("digicert.com; cansignhttpexchanges=yes")},
        {issue("letsencrypt.org"), issuewild("letsencrypt.org")},
        {issue("letsencrypt.org"), issuewild(";"), {0, "iodef", "mailto:a@example.com"}},
        {issue(";")},
        {issuewild(";")},
        {issue("letsencrypt.org;validationmethods=dns-01")},
        {issue("letsencrypt.org; validationmethods=http-01,dns-01,tls-alpn-01")},
        {issue("letsencrypt.org"), issue(pinned)},
        {issue(pinned),
         issue("letsencrypt.org;accounturi=https://acme-staging-v02.api.letsencrypt.org/acme/acct/1"
         )},
        {issue("sectigo.com"), issue("pki.goog"), issue("ssl.com"), issue("amazonaws.com")},
        {issue("comodoca.com"), issue("comodo.com"), issue("www.ca.example")},
        {{128, "issue", "letsencrypt.org"}},
        {{0, "iodef", "mailto:a@example.com"}},
        {issue("letsencrypt.org"), {0, "contactemail", "a@example.com"}, {0, "issuemail", ";"}},
        {issue("letsencrypt.org"), {0, "tbs", "x"}, {0, "auth", "y"}},
    };
    for (auto const& records : sets) {
        for (auto const* domain : {"example.com", "*.example.com"}) {
            BOOST_TEST_CONTEXT(domain << ": " << shown(records.front())) {
                check(decided(asked(domain), records).warnings, {});
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(cas_that_decide_otherwise_are_told_of) {
    std::string const no_name = "<record> has the unknown parameter 'AccountURI', which "
                                "restricts nothing: accounturi was probably meant";
    row const cases[] = {
        {{{1, "foo", "bar"}, issue("letsencrypt.org")},
         "forbidden",
         {"a CA that ignores flag 1, as RFC 8659 4.1 requires, would issue",
          "<record> sets flag 1, which has no meaning (RFC 8659 4.1): the critical flag is 128"}},
        {{{128, "issuemail", ";"}},
         "permitted",
         {"a CA that does not know issuemail (RFC 9495) or issuevmc would not issue"}},
        {{{128, "issuevmc", ";"}, issue("letsencrypt.org")},
         "permitted",
         {"a CA that does not know issuemail (RFC 9495) or issuevmc would not issue"}},
        {{{128, "contactemail", "a@example.com"}},
         "forbidden",
         {"a CA that knows contactemail and contactphone (BR appendix A) would issue"}},
        {{{128, "contactphone", "1"}, issue("letsencrypt.org")},
         "forbidden",
         {"a CA that knows contactemail and contactphone (BR appendix A) would issue"}},
        {{issue("LetsEncrypt.org")},
         "forbidden",
         {"a CA that ignores the letter case of issuers would issue",
          "<record> has capitals in its issuer, which Let's Encrypt compares byte by byte: write "
          "letsencrypt.org"}},
        {{issue("letsencrypt.org;a-b=1")},
         "forbidden",
         {"a CA that accepts hyphens in the names of parameters, as RFC 8659 4.2 does, would issue",
          "<record> is malformed and permits no CA: 'a-b' is not a parameter name"}},
        {{issue("letsencrypt.org;=1")},
         "permitted",
         {"a CA that treats a parameter without a name as malformed, as RFC 8659 4.2 does, "
          "would not issue"}},
        {{issue("letsencrypt.org;AccountURI=a:b")},
         "permitted",
         {"a CA that ignores the letter case of parameter names would not issue", no_name}},
        {{issue("letsencrypt.org;validationmethods=http-01;validationmethods=dns-01")},
         "forbidden",
         {"a CA that joins the lists of two validationmethods would issue",
          "<record> has validationmethods twice and so permits no method at Let's Encrypt"}},
        {{issue("letsencrypt.org;validationmethods=dns-01,")},
         "permitted",
         {"a CA that checks the whole list of validationmethods, as RFC 8657 4 does, would not "
          "issue",
          "<record> has '' in validationmethods, where only letters, digits and hyphens are "
          "allowed (RFC 8657 4)"}},
        {{issue("letsencrypt.org;validationmethods=DNS-01")},
         "forbidden",
         {"a CA that ignores the letter case of validation methods would issue",
          "<record> does not list dns-01",
          "<record> has 'DNS-01' in validationmethods: dns-01 was probably meant"}},
        {{issue("letsencrypt.org"), issue("LetsEncrypt.org;a-b=1;validationmethods=DNS-01,")},
         "permitted",
         {"CAA 0 issue \"LetsEncrypt.org;a-b=1;validationmethods=DNS-01,\" at example.com is "
          "malformed and permits no CA: 'a-b' is not a parameter name"}},
    };
    for (auto const& c : cases)
        check(asked("example.com"), c);
}

BOOST_AUTO_TEST_CASE(mistakes_in_any_record_of_the_set_are_told) {
    row const cases[] = {
        {{{1, "issue", "letsencrypt.org"}},
         "permitted",
         {"<record> sets flag 1, which has no meaning (RFC 8659 4.1): the critical flag is 128"}},
        {{{0, "isuse", "ca.example"}, issue("letsencrypt.org")},
         "permitted",
         {"<record> has a tag that no CA knows: issue was probably meant"}},
        {{{0, "issue-wild", ";"}, issue("letsencrypt.org")},
         "permitted",
         {"<record> has a tag that no CA knows: issuewild was probably meant"}},
        {{{0, "ISSUEWLID", ";"}, issue("letsencrypt.org")},
         "permitted",
         {"<record> has a tag that no CA knows: issuewild was probably meant"}},
        {{{0, "a.b", ";"}, issue("letsencrypt.org")},
         "permitted",
         {"<record> has characters other than letters and digits in its tag (RFC 8659 4.1)"}},
        {{issue("Digicert.com"), issue("letsencrypt.org")},
         "permitted",
         {"<record> has capitals in its issuer, which Let's Encrypt compares byte by byte: write "
          "digicert.com"}},
        {{issue("zerossl.com"), issue("letsencrypt.org")},
         "permitted",
         {"<record> does not name ZeroSSL, which is called sectigo.com in CAA records"}},
        {{issue("www.letsencrypt.org")},
         "forbidden",
         {"<record> does not name Let's Encrypt, which is called letsencrypt.org in CAA records"}},
        {{issue("letsencrypt.org.")},
         "forbidden",
         {"<record> is malformed and permits no CA: its issuer ends in a dot"}},
        {{issue("\"letsencrypt.org\"")},
         "forbidden",
         {"<record> is malformed and permits no CA: its value contains quotes"}},
        {{issue("https://letsencrypt.org")},
         "forbidden",
         {"<record> is malformed and permits no CA: its issuer is a URL instead of a domain name"}},
        {{issue(" letsencrypt.org, ca.example")},
         "forbidden",
         {"<record> is malformed and permits no CA: its issuer is more than one domain name: each "
          "CA needs a record of its own"}},
        {{issue("letsencrypt.org;a=1;")},
         "forbidden",
         {"<record> is malformed and permits no CA: it has an empty parameter"}},
        {{issuewild("%%%%%"), issue("letsencrypt.org")},
         "permitted",
         {"<record> is malformed and permits no CA: '%%%%%' is not a domain name"}},
        {{issue("ca.example;accounturi=1"), issue("letsencrypt.org")},
         "permitted",
         {"<record> has an accounturi that is not a URI and so permits no account (RFC 8657 3)"}},
        {{issue("ca.example;accounturi=a:b;accounturi=a:b"), issue("letsencrypt.org")},
         "permitted",
         {"<record> has accounturi twice and so permits no account (RFC 8657 3)"}},
        {{issue("letsencrypt.org;accounturl=1")},
         "permitted",
         {"<record> has the unknown parameter 'accounturl', which restricts nothing: "
          "accounturi was probably meant"}},
        {{issue("letsencrypt.org;validationmethods=dns01,dns-01")},
         "permitted",
         {"<record> has 'dns01' in validationmethods: dns-01 was probably meant"}},
        {{issue("letsencrypt.org;validationmethods=DNS,dns-01")},
         "permitted",
         {"<record> has 'DNS' in validationmethods: dns-01 was probably meant"}},
    };
    for (auto const& c : cases)
        check(asked("example.com"), c);
}

BOOST_AUTO_TEST_CASE(a_method_that_is_left_out_is_told_where_nothing_permits_it) {
    auto r = asked("example.com");
    auto const dns_only = issue("letsencrypt.org;validationmethods=dns-01");
    check(
        r,
        {{issue("letsencrypt.org;validationmethods=http-01")},
         "forbidden",
         {"<record> does not list dns-01"}}
    );
    check(r, {{issue("letsencrypt.org;validationmethods=http-01"), dns_only}, "permitted", {}});
    check(r, {{issue("ca.example;validationmethods=http-01")}, "forbidden", {}});
    for (std::string const method : {"dns-account-01", "dns-persist-01"}) {
        r.method = method;
        check(
            r,
            {{dns_only},
             "forbidden",
             {"<record> does not list " + method + ", which dns-01 does not include"}}
        );
    }
    r.method = "http-01";
    check(r, {{dns_only}, "forbidden", {"<record> does not list http-01"}});
}

BOOST_AUTO_TEST_CASE(accounts_are_told_where_something_is_easily_overlooked) {
    std::string const production = "<record> permits an account of Let's Encrypt's production CA "
                                   "only: its staging CA (acme-staging-v02) will refuse tests";
    std::string const near = "<record> names this account in another spelling (letter case, final "
                             "slash, scheme, port or "
                             "escapes), which counts as another account";
    auto r = asked("example.com");
    check(r, {{issue(pinned)}, "permitted", {production}});
    check(r, {{issue(pinned + "/")}, "forbidden", {near, production}});
    check(r, {{issue("letsencrypt.org;accounturi=https://ACME.example/1")}, "forbidden", {}});
    r.account_uri = "https://acme-staging-v02.api.letsencrypt.org/acme/acct/1";
    check(r, {{issue(pinned)}, "forbidden", {production}});
    r.account_uri = "https://acme.example/1";
    check(r, {{issue("letsencrypt.org;accounturi=HTTPS://acme.example/1")}, "forbidden", {near}});
    for (std::string const other :
         {"http://acme.example/1",
          "https://acme.example:443/1",
          "https://acme.example/%31",
          "https://%41cme.example/1/"})
        check(r, {{issue("letsencrypt.org;accounturi=" + other)}, "forbidden", {near}});
    for (std::string const other :
         {"https://acme.example:8443/1",
          "https://acme.example/%311",
          "https://acme.example/1%",
          "https://acme.example/%3"})
        check(r, {{issue("letsencrypt.org;accounturi=" + other)}, "forbidden", {}});
    r.account_uri.clear();
    std::string const one =
        "<record> permits one account only: give --account-uri to check whether it is yours";
    check(r, {{issue("letsencrypt.org;accounturi=https://acme.example/1")}, "permitted", {one}});
    check(r, {{issue(pinned)}, "permitted", {one, production}});
    check(r, {{issue(pinned), issue("letsencrypt.org")}, "permitted", {}});
}

BOOST_AUTO_TEST_CASE(restrictions_may_not_bind_the_ca) {
    auto r = asked("example.com");
    r.by = find_issuer("pki.goog").value();
    std::string const loose =
        "Google Trust Services is not known to act upon accounturi and validationmethods, as CAs "
        "must from 2027-03-15 (CA/B ballot SC-098v2), and may issue despite <record>";
    r.account_uri = "https://dv.acme-v02.api.pki.goog/account/a";
    auto const ours = issue("pki.goog;accounturi=" + r.account_uri);
    check(r, {{ours}, "permitted", {loose}});
    check(r, {{issue("pki.goog;accounturi=a:b")}, "forbidden", {loose}});
    check(r, {{issue("pki.goog;validationmethods=dns-01")}, "permitted", {loose}});
    check(r, {{ours, issue("pki.goog")}, "permitted", {}});
    check(r, {{issue("pki.goog;cansignhttpexchanges=yes")}, "permitted", {}});
    check(r, {{issue("letsencrypt.org;validationmethods=dns-01")}, "forbidden", {}});
}

BOOST_AUTO_TEST_CASE(a_set_of_issuewild_leaves_the_plain_name_open) {
    std::string const open = "<record> restricts only wildcards: without an issue record, any CA "
                             "may issue for the name itself";
    check(asked("example.com"), {{issuewild("letsencrypt.org")}, "permitted", {open}});
    check(asked("*.example.com"), {{issuewild("letsencrypt.org")}, "permitted", {open}});
    check(asked("*.example.com"), {{issuewild("letsencrypt.org"), issue(";")}, "permitted", {}});
}

BOOST_AUTO_TEST_CASE(a_set_that_restricts_nothing_hides_one_that_does) {
    property const iodef{0, "iodef", "mailto:a@example.com"};
    std::string const begin =
        "CAA 0 iodef \"mailto:a@example.com\" at www.example.com restricts nothing and hides ";
    struct {
        std::vector<property> above;
        sentences expected;
    } const cases[] = {
        {{iodef, issue("ca.example")},
         {begin + "CAA 0 issue \"ca.example\" at example.com, which would forbid issuance"}},
        {{issue("letsencrypt.org")},
         {begin + "CAA 0 issue \"letsencrypt.org\" at example.com, which would permit issuance"}},
        {{{128, "foo", "bar"}},
         {begin + "CAA 128 foo \"bar\" at example.com, which would forbid issuance"}},
        {{iodef}, {}},
        {{}, {}},
    };
    for (auto const& c : cases) {
        auto climb = levels_with("a.www.example.com", "www.example.com", {iodef});
        climb[2] = test::level_with("example.com", c.above);
        check(decide(asked("a.www.example.com"), climb).warnings, c.expected);
        climb[1].records = {issue("letsencrypt.org")};
        check(decide(asked("a.www.example.com"), climb).warnings, {});
    }
}

BOOST_AUTO_TEST_CASE(records_of_other_levels_are_not_told_of) {
    auto climb = levels_with("www.example.com", "www.example.com", {issue("letsencrypt.org")});
    climb[1] = test::level_with("example.com", {{1, "issue", "%%%%%"}});
    check(decide(asked("www.example.com"), climb).warnings, {});
}

BOOST_AUTO_TEST_CASE(their_number_is_bounded_and_none_is_told_twice) {
    std::vector<property> records{issue("letsencrypt.org")};
    for (auto i = 0; i < 500; ++i) {
        records.push_back(issue("a" + std::to_string(i) + "."));
        records.push_back(issue("same."));
    }
    auto const warnings = decided(asked("example.com"), records).warnings;
    BOOST_REQUIRE_EQUAL(warnings.size(), warnings_max + 1);
    BOOST_TEST(
        warnings[1] == "CAA 0 issue \"same.\" at example.com is malformed and permits no CA: its "
                       "issuer ends in a dot"
    );
    BOOST_TEST(warnings.back() == "and 481 more warnings");
    records.erase(records.begin() + 42, records.end());
    BOOST_TEST(decided(asked("example.com"), records).warnings.back() == "and 2 more warnings");
}

BOOST_AUTO_TEST_SUITE_END()
