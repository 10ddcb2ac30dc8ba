#include "caa/decision.hpp"

#include "support/caa_levels.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_decision)

using namespace acme_dns01;
using namespace acme_dns01::caa;
using dns::dnssec;
using test::asked;
using test::issue;
using test::issuewild;
using test::levels_with;

namespace {

std::string const account(test::production_account);

// At example.com, asked for `domain`.
struct row {
    std::string domain;
    std::vector<property> records;
    verdict is;
    std::string reason;
    std::string advice;
};

void check(decision const& d, row const& c) {
    BOOST_TEST(to_string(d.is) == to_string(c.is));
    BOOST_TEST(d.reason == c.reason);
    BOOST_TEST(d.advice == c.advice);
}

void check(row const& c) {
    BOOST_TEST_CONTEXT(c.reason) {
        auto const r = asked(c.domain);
        auto const d = decide(r, levels_with(r.domain.text(), "example.com", c.records));
        check(d, c);
        BOOST_REQUIRE(d.deciding);
        BOOST_TEST(d.deciding->node.text() == "example.com");
        BOOST_TEST((d.deciding->records == c.records));
        BOOST_TEST((d.dnssec == dnssec::insecure));
    }
}

std::string allow(std::string const& arguments) {
    return ", or run: acme-dns01 caa allow " + arguments;
}

level alias(std::string_view node, std::string_view target, std::vector<property> records) {
    auto l = test::level_with(node, std::move(records));
    l.target = dns::name::parse(target).value();
    if (l.records.empty()) l.is = level::content::nothing;
    return l;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_record_permits) {
    auto const pinned = "letsencrypt.org;accounturi=" + account;
    row const cases[] = {
        {"www.example.com",
         {issue("letsencrypt.org")},
         verdict::permitted,
         "example.com has CAA 0 issue \"letsencrypt.org\", which permits letsencrypt.org (RFC 8659 "
         "4.2)",
         ""},
        {"*.example.com",
         {issue("ca.example"), issue("letsencrypt.org")},
         verdict::permitted,
         "example.com has CAA 0 issue \"letsencrypt.org\", which permits letsencrypt.org, also for "
         "wildcards, since there is no issuewild record (RFC 8659 4.3)",
         ""},
        {"*.example.com",
         {issue(";"), issuewild("ca.example"), issuewild("letsencrypt.org")},
         verdict::permitted,
         "example.com has CAA 0 issuewild \"letsencrypt.org\", which permits letsencrypt.org (RFC "
         "8659 4.3)",
         ""},
        {"example.com",
         {issue("%%%%%"), issue(";"), issue("letsencrypt.org"), issuewild(";")},
         verdict::permitted,
         "example.com has CAA 0 issue \"letsencrypt.org\", which permits letsencrypt.org (RFC 8659 "
         "4.2)",
         ""},
        {"example.com",
         {issue("letsencrypt.org;accounturi=a:b"), issue(pinned)},
         verdict::permitted,
         "example.com has CAA 0 issue \"" + pinned +
             "\", which permits letsencrypt.org for this account (RFC 8659 4.2, RFC 8657 3)",
         ""},
        {"example.com",
         {issue("letsencrypt.org;validationmethods=http-01"),
          issue("letsencrypt.org;validationmethods=dns-01")},
         verdict::permitted,
         "example.com has CAA 0 issue \"letsencrypt.org;validationmethods=dns-01\", which permits "
         "letsencrypt.org by dns-01 (RFC 8659 4.2, RFC 8657 4)",
         ""},
        {"example.com",
         {issue(pinned + ";validationmethods=dns-01")},
         verdict::permitted,
         "example.com has CAA 0 issue \"" + pinned +
             ";validationmethods=dns-01\", which permits letsencrypt.org for this account by "
             "dns-01 (RFC 8659 4.2, RFC 8657 3 and 4)",
         ""},
    };
    for (auto const& c : cases)
        check(c);
}

BOOST_AUTO_TEST_CASE(no_record_applies_to_the_request) {
    row const cases[] = {
        {"www.example.com",
         {{128, "iodef", "mailto:a@example.com"}},
         verdict::permitted,
         "example.com has CAA 128 iodef \"mailto:a@example.com\", but no issue record: any CA may "
         "issue (RFC 8659 3)",
         ""},
        {"www.example.com",
         {issuewild(";"), {0, "foo", "bar"}},
         verdict::permitted,
         "example.com has CAA 0 issuewild \";\" and 1 other record, but no issue record: any CA "
         "may issue (RFC 8659 3)",
         ""},
        {"*.example.com",
         {{126, "foo", "bar"}, {0, "a", ""}, {0, "b", ""}},
         verdict::permitted,
         "example.com has CAA 126 foo \"bar\" and 2 other records, but no issue or issuewild "
         "record: any CA may issue (RFC 8659 3)",
         ""},
    };
    for (auto const& c : cases)
        check(c);
}

BOOST_AUTO_TEST_CASE(no_record_names_the_ca) {
    auto const add = "add CAA 0 issue \"letsencrypt.org\" at example.com" +
                     allow("www.example.com --issuer letsencrypt.org");
    auto const add_wild = "add CAA 0 issuewild \"letsencrypt.org\" at example.com" +
                          allow("'*.example.com' --issuer letsencrypt.org");
    row const cases[] = {
        {"www.example.com",
         {issue("ca.example"), issue("b.example"), issuewild("letsencrypt.org")},
         verdict::forbidden,
         "example.com has CAA 0 issue \"ca.example\", and no issue record names letsencrypt.org "
         "(RFC 8659 4.2)",
         add},
        {"www.example.com",
         {issue(";"), issue("%%%%%"), issue("ca.example")},
         verdict::forbidden,
         "example.com has CAA 0 issue \"ca.example\", and no issue record names letsencrypt.org "
         "(RFC 8659 4.2)",
         add},
        {"www.example.com",
         {issue(";")},
         verdict::forbidden,
         "example.com has CAA 0 issue \";\", which permits no CA (RFC 8659 4.2)",
         add},
        {"*.example.com",
         {issue("letsencrypt.org"), issuewild("")},
         verdict::forbidden,
         "example.com has CAA 0 issuewild \"\", which permits no CA (RFC 8659 4.3)",
         add_wild},
        {"*.example.com",
         {issuewild("ca.example")},
         verdict::forbidden,
         "example.com has CAA 0 issuewild \"ca.example\", and no issuewild record names "
         "letsencrypt.org (RFC 8659 4.3)",
         add_wild},
        {"www.example.com",
         {issue("ca.example"), issue("LETSENCRYPT.ORG; a=1;")},
         verdict::forbidden,
         "example.com has CAA 0 issue \"LETSENCRYPT.ORG; a=1;\", which is malformed (it has an "
         "empty parameter) and so permits no CA (RFC 8659 4.2), and no other issue record permits "
         "it",
         add},
    };
    for (auto const& c : cases)
        check(c);
}

BOOST_AUTO_TEST_CASE(a_record_of_the_ca_is_for_another_account_or_method) {
    auto const add = [](std::string const& parameters, std::string const& options) {
        return "add CAA 0 issue \"letsencrypt.org" + parameters + "\" at example.com" +
               allow("example.com --issuer letsencrypt.org" + options);
    };
    auto const with_account = add(";accounturi=" + account, " --account-uri " + account);
    auto const with_method = add(";validationmethods=dns-01", " --method dns-01");
    struct {
        std::string value;
        std::string why;
        std::string advice;
    } const cases[] = {
        {"accounturi=a:b",
         "which is for an account other than " + account + " (RFC 8657 3)",
         with_account},
        {"accounturi=",
         "which has an empty accounturi and so permits no account (RFC 8657 3)",
         with_account},
        {"accounturi=1",
         "which has an accounturi that is not a URI and so permits no account (RFC 8657 3)",
         with_account},
        {"accounturi=a:b;accounturi=a:b",
         "which has accounturi twice and so permits no account (RFC 8657 3)",
         with_account},
        {"validationmethods=http-01", "which does not permit dns-01 (RFC 8657 4)", with_method},
        {"validationmethods=",
         "which has an empty validationmethods and so permits no method (RFC 8657 4)",
         with_method},
        {"validationmethods=a_b",
         "which has a malformed validationmethods and so does not permit the method (RFC 8657 4)",
         with_method},
        {"validationmethods=dns-01;validationmethods=dns-01",
         "which has validationmethods twice and so permits no method (RFC 8657 4)",
         with_method},
        {"accounturi=" + account + ";validationmethods=http-01",
         "which does not permit dns-01 (RFC 8657 4)",
         add(";accounturi=" + account + ";validationmethods=dns-01",
             " --account-uri " + account + " --method dns-01")},
    };
    for (auto const& c : cases) {
        auto const record = issue("letsencrypt.org;" + c.value);
        auto const begin = "example.com has " + shown(record) + ", " + c.why;
        check({"example.com", {record}, verdict::forbidden, begin, c.advice});
        check(
            {"example.com",
             {issue("ca.example"), record},
             verdict::forbidden,
             begin + ", and no other issue record permits it",
             c.advice}
        );
    }
}

BOOST_AUTO_TEST_CASE(unknown_critical_properties_forbid) {
    row const cases[] = {
        {"www.example.com",
         {issue("letsencrypt.org"), {128, "foo", "bar"}},
         verdict::forbidden,
         "example.com has CAA 128 foo \"bar\", a critical property that Let's Encrypt does not "
         "know (RFC 8659 4.5)",
         "remove CAA 128 foo \"bar\" at example.com, or publish it with flags 0"},
        {"*.example.com",
         {{1, "contactemail", "a@example.com"}},
         verdict::forbidden,
         "example.com has CAA 1 contactemail \"a@example.com\", which Let's Encrypt does not know "
         "and, because of flag 1, treats as critical (RFC 8659 4.5)",
         "remove CAA 1 contactemail \"a@example.com\" at example.com, or publish it with flags 0"},
    };
    for (auto const& c : cases)
        check(c);
    auto of_google = asked("example.com");
    of_google.by = find_issuer("google").value();
    BOOST_TEST(
        decide(of_google, levels_with("example.com", "example.com", {{1, "foo", "bar"}})).reason ==
        "example.com has CAA 1 foo \"bar\", which Google Trust Services does not know and, because "
        "of flag 1, may treat as critical, as Let's Encrypt does (RFC 8659 4.5)"
    );
}

// RFC 8659 3
BOOST_AUTO_TEST_CASE(the_nearest_level_with_records_decides) {
    auto climb = levels_with("a.b.example.com", "b.example.com", {issue("ca.example")});
    climb[2] = test::level_with("example.com", {issue("letsencrypt.org")});
    auto const d = decide(asked("a.b.example.com"), climb);
    BOOST_TEST(to_string(d.is) == "forbidden");
    BOOST_TEST(
        d.reason == "b.example.com has CAA 0 issue \"ca.example\", and no issue record names "
                    "letsencrypt.org (RFC 8659 4.2)"
    );
    BOOST_TEST((d.deciding == climb[1]));
}

BOOST_AUTO_TEST_CASE(no_level_has_records) {
    struct {
        std::string domain;
        std::string levels;
    } const cases[] = {
        {"com", "com"},
        {"example.com", "example.com or any name above it"},
        {"*.www.example.com", "www.example.com or any name above it"},
        {"a.b.c.d.example.com", "a.b.c.d.example.com or any name above it"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.domain) {
            auto const r = asked(c.domain);
            auto climb = levels_with(r.domain.text(), "", {});
            climb.front().dnssec = dnssec::secure;
            if (climb.size() > 1) climb.front().is = level::content::missing;
            auto const d = decide(r, climb);
            check(
                d,
                {"",
                 {},
                 verdict::permitted,
                 "no CAA record at " + c.levels + ": any CA may issue (RFC 8659 3)",
                 ""}
            );
            BOOST_TEST(!d.deciding);
            BOOST_TEST((d.dnssec == dnssec::secure));
            BOOST_TEST(d.warnings.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_level_of_records_without_any_is_one_without) {
    auto climb = levels_with("example.com", "example.com", {});
    BOOST_TEST(to_string(decide(asked("example.com"), climb).is) == "permitted");
    climb[1] = test::level_with("com", {issue(";")});
    BOOST_TEST(to_string(decide(asked("example.com"), climb).is) == "forbidden");
}

BOOST_AUTO_TEST_CASE(an_alias_is_named_with_what_it_leads_to) {
    auto climb = levels_with("www.example.com", "", {});
    climb[0] = alias("www.example.com", "cdn.example.net", {issue("ca.example")});
    check(
        decide(asked("www.example.com"), climb),
        {"",
         {},
         verdict::forbidden,
         "www.example.com (an alias of cdn.example.net) has CAA 0 issue \"ca.example\", and no "
         "issue record names letsencrypt.org (RFC 8659 4.2)",
         "add CAA 0 issue \"letsencrypt.org\" at cdn.example.net, or replace the alias: "
         "www.example.com cannot have records of its own beside it"}
    );
    climb[0] = alias("www.example.com", "cdn.example.net", {});
    check(
        decide(asked("www.example.com"), climb),
        {"",
         {},
         verdict::permitted,
         "no CAA record at www.example.com (an alias of cdn.example.net) or any name above "
         "it: any CA may issue (RFC 8659 3)",
         ""}
    );
}

BOOST_AUTO_TEST_CASE(a_record_is_advised_where_it_can_stand) {
    auto const advice = [](std::string_view domain, std::vector<level> const& climb) {
        return decide(asked(domain), climb).advice;
    };
    auto below = levels_with("a.www.example.com", "", {});
    below[1] = alias("www.example.com", "cdn.example.net", {issue("ca.example")});
    BOOST_TEST(
        advice("a.www.example.com", below) ==
        "add CAA 0 issue \"letsencrypt.org\" at cdn.example.net" +
            allow("a.www.example.com --issuer letsencrypt.org")
    );
    auto above = levels_with("www.example.com", "example.com", {issue("ca.example")});
    above[0] = alias("www.example.com", "cdn.example.net", {});
    BOOST_TEST(
        advice("www.example.com", above) == "add CAA 0 issue \"letsencrypt.org\" at example.com" +
                                                allow("www.example.com --issuer letsencrypt.org")
    );
}

BOOST_AUTO_TEST_CASE(other_names_of_a_ca_are_hinted_at) {
    auto r = asked("example.com");
    r.by = find_issuer("zerossl").value();
    auto const d = decide(r, levels_with("example.com", "example.com", {issue("zerossl.com")}));
    check(
        d,
        {"",
         {},
         verdict::forbidden,
         "example.com has CAA 0 issue \"zerossl.com\", and no issue record names sectigo.com or "
         "another identity of ZeroSSL (RFC 8659 4.2)",
         "add CAA 0 issue \"sectigo.com\" at example.com" +
             allow("example.com --issuer sectigo.com")}
    );
}

BOOST_AUTO_TEST_CASE(what_others_wrote_is_printable_and_cut) {
    using namespace std::string_literals;
    std::vector<property> records{issue("\x1b[2J\n" + std::string(60000, 'x'))};
    for (auto i = 0; i < 1000; ++i)
        records.push_back({0, "t" + std::to_string(i), "test"});
    auto const d = decide(asked("example.com"), levels_with("example.com", "example.com", records));
    BOOST_TEST(
        d.reason == "example.com has CAA 0 issue \"\\027[2J\\010" + std::string(176, 'x') +
                        "..., which is malformed ('?[2J?" + std::string(55, 'x') +
                        "...' is not a domain name) and so permits no CA (RFC 8659 4.2)"
    );
    BOOST_TEST(d.warnings.size() <= 21u);
}

BOOST_AUTO_TEST_SUITE_END()
