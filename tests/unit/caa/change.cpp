#include "caa/change.hpp"

#include "base/text.hpp"
#include "support/caa_change_check.hpp"
#include "support/caa_levels.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_change)

using namespace acme_dns01;
using namespace acme_dns01::caa;
using test::asked;
using test::check_change;
using test::issue;
using test::issuewild;
using test::levels_with;

namespace {

using properties = std::vector<property>;

std::string const account(test::production_account);
property const iodef{0, "iodef", "mailto:a@example.com"};

restrictions const any{};
restrictions const wildcard_only{.wildcard_only = true};
restrictions const pinned_to_both{.account = true, .method = true};

dns::name name_of(std::string_view text) { return dns::name::parse(text).value(); }

std::string texts(properties const& records) {
    std::vector<std::string> pieces;
    for (auto const& p : records)
        pieces.push_back(to_string(p));
    return joined(pieces, ", ");
}

struct row {
    std::string what;
    std::string domain;
    std::string found_at; // where `records` are
    properties records;
    restrictions w;
    std::string at;
    std::string kept;
    std::string added;
};

void check(row const& c, std::string_view zone = "example.com") {
    BOOST_TEST_CONTEXT(c.what) {
        auto const r = asked(c.domain);
        auto const climb = levels_with(r.domain.text(), c.found_at, c.records);
        auto const found = change_for(r, c.w, climb, name_of(zone));
        BOOST_REQUIRE(found);
        BOOST_TEST(found->at.text() == c.at);
        BOOST_TEST(texts(found->kept) == c.kept);
        BOOST_TEST(texts(found->added) == c.added);
        check_change(r, c.w, climb, *found);
    }
}

void check_refusal(
    result<change> const& found,
    error_kind kind,
    std::string const& message,
    std::string const& hint
) {
    BOOST_REQUIRE(!found);
    BOOST_TEST(to_string(found.error().kind) == to_string(kind));
    BOOST_TEST(found.error().message == message);
    BOOST_TEST(found.error().hint == hint);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_set_in_the_zone_is_added_to) {
    auto const pinned =
        "0 issue \"letsencrypt.org;accounturi=" + account + ";validationmethods=dns-01\"";
    row const cases[] = {
        {"another CA's",
         "www.example.com",
         "example.com",
         {issue("ca.example"), iodef},
         any,
         "example.com",
         "0 issue \"ca.example\", 0 iodef \"mailto:a@example.com\"",
         "0 issue \"letsencrypt.org\""},
        {"no CA's",
         "example.com",
         "example.com",
         {issue(";")},
         any,
         "example.com",
         "0 issue \";\"",
         "0 issue \"letsencrypt.org\""},
        {"at a name of its own",
         "www.example.com",
         "www.example.com",
         {issue("ca.example")},
         any,
         "www.example.com",
         "0 issue \"ca.example\"",
         "0 issue \"letsencrypt.org\""},
        {"pinned",
         "example.com",
         "example.com",
         {issue(";")},
         pinned_to_both,
         "example.com",
         "0 issue \";\"",
         pinned},
        {"pinned to another account",
         "example.com",
         "example.com",
         {issue("letsencrypt.org;accounturi=a:b")},
         pinned_to_both,
         "example.com",
         "0 issue \"letsencrypt.org;accounturi=a:b\"",
         pinned},
        {"a wildcard where issue counts",
         "*.example.com",
         "example.com",
         {issue("ca.example")},
         any,
         "example.com",
         "0 issue \"ca.example\"",
         "0 issue \"letsencrypt.org\""},
        {"a wildcard where issuewild counts",
         "*.example.com",
         "example.com",
         {issue("letsencrypt.org"), issuewild("ca.example")},
         any,
         "example.com",
         "0 issue \"letsencrypt.org\", 0 issuewild \"ca.example\"",
         "0 issuewild \"letsencrypt.org\""},
        {"a plain name beside issuewild",
         "example.com",
         "example.com",
         {issue(";"), issuewild("letsencrypt.org")},
         any,
         "example.com",
         "0 issue \";\", 0 issuewild \"letsencrypt.org\"",
         "0 issue \"letsencrypt.org\""},
    };
    for (auto const& c : cases)
        check(c);
}

BOOST_AUTO_TEST_CASE(the_first_issuewild_takes_copies_of_issue_along) {
    row const cases[] = {
        {"of each that names a CA",
         "*.example.com",
         "example.com",
         {issue("ca.example"),
          issue(";"),
          {128, "ISSUE", "b.example; x=1"},
          issue("ca.example"),
          issue("Digicert.com."),
          iodef},
         wildcard_only,
         "example.com",
         "0 issue \"ca.example\", 0 issue \";\", 128 ISSUE \"b.example; x=1\", 0 issue "
         "\"ca.example\", 0 issue \"Digicert.com.\", 0 iodef \"mailto:a@example.com\"",
         "0 issuewild \"ca.example\", 128 issuewild \"b.example; x=1\", 0 issuewild "
         "\"Digicert.com.\", 0 issuewild \"letsencrypt.org\""},
        {"none where no CA may",
         "example.com",
         "example.com",
         {issue(";")},
         wildcard_only,
         "example.com",
         "0 issue \";\"",
         "0 issuewild \"letsencrypt.org\""},
        {"none where there is issuewild",
         "*.example.com",
         "example.com",
         {issue("ca.example"), issuewild("b.example")},
         wildcard_only,
         "example.com",
         "0 issue \"ca.example\", 0 issuewild \"b.example\"",
         "0 issuewild \"letsencrypt.org\""},
        {"of the CA's own",
         "*.example.com",
         "example.com",
         {issue("letsencrypt.org;accounturi=a:b")},
         {.account = true, .wildcard_only = true},
         "example.com",
         "0 issue \"letsencrypt.org;accounturi=a:b\"",
         "0 issuewild \"letsencrypt.org;accounturi=a:b\", 0 issuewild "
         "\"letsencrypt.org;accounturi=" +
             account + "\""},
    };
    for (auto const& c : cases)
        check(c);
}

BOOST_AUTO_TEST_CASE(a_set_above_the_zone_is_repeated_at_the_domain) {
    row const cases[] = {
        {"in the zone's own name",
         "sub.example.com",
         "example.com",
         {issue("ca.example"), iodef},
         any,
         "sub.example.com",
         "",
         "0 issue \"ca.example\", 0 iodef \"mailto:a@example.com\", 0 issue \"letsencrypt.org\""},
        {"below it",
         "*.www.sub.example.com",
         "example.com",
         {issue("ca.example"), issuewild("b.example")},
         any,
         "www.sub.example.com",
         "",
         "0 issue \"ca.example\", 0 issuewild \"b.example\", 0 issuewild \"letsencrypt.org\""},
        {"with the first issuewild",
         "*.sub.example.com",
         "com",
         {issue("ca.example")},
         wildcard_only,
         "sub.example.com",
         "",
         "0 issue \"ca.example\", 0 issuewild \"ca.example\", 0 issuewild \"letsencrypt.org\""},
    };
    for (auto const& c : cases)
        check(c, "sub.example.com");
}

BOOST_AUTO_TEST_CASE(nothing_is_added_to_what_permits) {
    row const cases[] = {
        {"no records", "www.example.com", "", {}, any, "www.example.com", "", ""},
        {"listed",
         "www.example.com",
         "example.com",
         {issue("letsencrypt.org")},
         pinned_to_both,
         "example.com",
         "0 issue \"letsencrypt.org\"",
         ""},
        {"listed above the zone",
         "www.example.com",
         "com",
         {issue("letsencrypt.org")},
         any,
         "www.example.com",
         "",
         ""},
        {"wildcards by issue",
         "www.example.com",
         "example.com",
         {issue("letsencrypt.org")},
         wildcard_only,
         "example.com",
         "0 issue \"letsencrypt.org\"",
         ""},
        {"nothing but iodef",
         "example.com",
         "example.com",
         {iodef},
         any,
         "example.com",
         "0 iodef \"mailto:a@example.com\"",
         ""},
    };
    for (auto const& c : cases)
        check(c);
}

BOOST_AUTO_TEST_CASE(records_are_added_where_an_alias_leads) {
    auto climb = levels_with("www.example.com", "www.example.com", {issue("ca.example")});
    climb[0].target = name_of("host.example.com");
    auto const found = change_for(asked("www.example.com"), any, climb, name_of("example.com"));
    BOOST_REQUIRE(found);
    BOOST_TEST(found->at.text() == "host.example.com");
    BOOST_TEST(texts(found->added) == "0 issue \"letsencrypt.org\"");
    check_change(asked("www.example.com"), any, climb, *found);
}

BOOST_AUTO_TEST_CASE(an_alias_out_of_the_zone_is_hidden_by_records_below_it) {
    auto climb = levels_with("a.www.example.com", "www.example.com", {issue("ca.example")});
    climb[1].target = name_of("cdn.example.net");
    auto const zone = name_of("example.com");
    auto const found = change_for(asked("a.www.example.com"), any, climb, zone);
    BOOST_REQUIRE(found);
    BOOST_TEST(found->at.text() == "a.www.example.com");
    BOOST_TEST(texts(found->kept) == "");
    BOOST_TEST(texts(found->added) == "0 issue \"ca.example\", 0 issue \"letsencrypt.org\"");
    check_change(asked("a.www.example.com"), any, climb, *found);

    climb.erase(climb.begin());
    check_refusal(
        change_for(asked("www.example.com"), any, climb, zone),
        error_kind::caa_forbidden,
        "www.example.com is an alias of cdn.example.net, so it cannot have CAA records of its own",
        "add CAA 0 issue \"letsencrypt.org\" at cdn.example.net, or replace the alias"
    );
}

BOOST_AUTO_TEST_CASE(no_record_can_stand_beside_an_alias) {
    auto climb = levels_with("www.example.com", "com", {issue("ca.example")});
    climb[0].target = name_of("host.example.com");
    check_refusal(
        change_for(asked("www.example.com"), any, climb, name_of("example.com")),
        error_kind::caa_forbidden,
        "www.example.com is an alias of host.example.com, so it cannot have CAA records of its own",
        "add CAA 0 issue \"letsencrypt.org\" at com, or replace the alias"
    );
}

BOOST_AUTO_TEST_CASE(all_records_that_an_alias_needs_are_named) {
    auto climb = levels_with("www.example.com", "www.example.com", {issue("ca.example")});
    climb[0].target = name_of("cdn.example.net");
    check_refusal(
        change_for(asked("www.example.com"), wildcard_only, climb, name_of("example.com")),
        error_kind::caa_forbidden,
        "www.example.com is an alias of cdn.example.net, so it cannot have CAA records of its own",
        "add CAA 0 issuewild \"ca.example\" and CAA 0 issuewild \"letsencrypt.org\" at "
        "cdn.example.net, or replace the alias"
    );
}

BOOST_AUTO_TEST_CASE(adding_does_not_help_against_a_critical_property) {
    auto const climb =
        levels_with("www.example.com", "example.com", {issue("ca.example"), {128, "foo", "bar"}});
    check_refusal(
        change_for(asked("www.example.com"), any, climb, name_of("example.com")),
        error_kind::caa_forbidden,
        "example.com has CAA 128 foo \"bar\", a critical property that Let's Encrypt does not know "
        "(RFC 8659 4.5)",
        "remove CAA 128 foo \"bar\" at example.com, or publish it with flags 0"
    );
}

BOOST_AUTO_TEST_CASE(without_a_verdict_there_is_no_change) {
    auto climb = levels_with("example.com", "", {});
    climb[0].is = level::content::failed;
    check_refusal(
        change_for(asked("example.com"), any, climb, name_of("example.com")),
        error_kind::dns_failure,
        "the CAA look-up for example.com got no usable answer, so nothing permits issuance (BR "
        "3.2.2.8)",
        "check the name servers of example.com: they may be wrongly delegated, unreachable or "
        "failing"
    );
}

BOOST_AUTO_TEST_SUITE_END()
