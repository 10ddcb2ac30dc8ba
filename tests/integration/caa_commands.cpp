#include "sandbox/temporary_folder.hpp"
#include "support/caa_records.hpp"
#include "support/outcome_check.hpp"
#include "support/pebble.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_caa_commands)

using namespace acme_dns01::test;
using acme_dns01::digitalocean::record;
using acme_dns01::sandbox::behaviour;
using acme_dns01::sandbox::fault_action;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::temporary_folder;

namespace {

using texts = std::vector<std::string>;

std::string const documentation = "find the directory in the CA's documentation";
std::string const example =
    "a directory looks like https://acme-v02.api.letsencrypt.org/directory; use --issuer to name a "
    "CA without asking it";
constexpr auto account = "https://acme-v02.api.letsencrypt.org/acme/acct/1";

texts joined(texts list, texts const& more) {
    list.insert(list.end(), more.begin(), more.end());
    return list;
}

texts caa_check(texts const& rest) { return joined({"caa", "check"}, rest); }

} // namespace

BOOST_AUTO_TEST_CASE(a_check_reports_every_domain_and_exits_with_the_worst) {
    local_digitalocean s;
    s.add_record("example.com", caa_record("@", "letsencrypt.org"));
    s.add_record("example.com", caa_record("shop", "pki.goog"));
    user const u(s);
    check_outcome(
        u.run(caa_check({"www.example.com", "*.Example.com", "--issuer", "letsencrypt"})),
        0,
        "www.example.com: permitted (letsencrypt.org, DNSSEC unknown)\n"
        "  example.com has CAA 0 issue \"letsencrypt.org\", which permits letsencrypt.org (RFC "
        "8659 4.2)\n" +
            unproven_line +
            "*.example.com: permitted (letsencrypt.org, DNSSEC unknown)\n"
            "  example.com has CAA 0 issue \"letsencrypt.org\", which permits letsencrypt.org, "
            "also for wildcards, since there is no issuewild record (RFC 8659 4.3)\n" +
            unproven_line,
        ""
    );
    check_outcome(
        u.run(caa_check({"shop.example.com", "example.com", "--issuer", "letsencrypt.org"})),
        6,
        "shop.example.com: forbidden (letsencrypt.org, DNSSEC unknown)\n"
        "  shop.example.com has CAA 0 issue \"pki.goog\", and no issue record names "
        "letsencrypt.org (RFC 8659 4.2)\n" +
            unproven_line +
            "  to do: add CAA 0 issue \"letsencrypt.org\" at shop.example.com, or run: acme-dns01 "
            "caa allow shop.example.com --issuer letsencrypt.org\n"
            "example.com: permitted (letsencrypt.org, DNSSEC unknown)\n"
            "  example.com has CAA 0 issue \"letsencrypt.org\", which permits letsencrypt.org (RFC "
            "8659 4.2)\n" +
            unproven_line,
        "acme-dns01: error: CAA forbids Let's Encrypt to issue for 1 of 2 domains\n"
    );
}

BOOST_AUTO_TEST_CASE(with_json_a_check_prints_one_object) {
    local_digitalocean s;
    s.add_record("example.com", caa_record("@", ";", "issuewild"));
    check_outcome(
        user(s).run(caa_check({"*.example.com", "--issuer", "letsencrypt.org", "--json"})),
        6,
        R"({"results":[{"domain":"*.example.com","issuer":"letsencrypt.org","verdict":"forbidden",)"
        R"("reason":"example.com has CAA 0 issuewild \";\", which permits no CA )"
        "(RFC 8659 4.3)\","
        R"("found_at":"example.com","records":[{"flags":0,"tag":"issuewild","value":";"}],)"
        R"("dnssec":"unknown","warnings":[")" +
            unproven +
            R"("],"fix":"add CAA 0 issuewild \"letsencrypt.org\" at example.com, or run: )"
            R"(acme-dns01 caa allow '*.example.com' --issuer letsencrypt.org"}]})"
            "\n",
        "acme-dns01: warning: *.example.com: " + unproven +
            "\nacme-dns01: error: CAA forbids Let's Encrypt to issue\n"
    );
}

BOOST_AUTO_TEST_CASE(with_json_each_warning_is_printed_once_on_stderr) {
    local_digitalocean s;
    auto const done = user(s).run(caa_check(
        {"a.example.com", "b.example.com", "example.com", "--issuer", "x.example", "--json"}
    ));
    BOOST_TEST(done.status == 0);
    BOOST_TEST(
        done.err == "acme-dns01: warning: a.example.com and 2 others: " + unproven + "\n", done.err
    );
}

BOOST_AUTO_TEST_CASE(a_failed_look_up_is_not_a_permission) {
    local_digitalocean s;
    s.set_behaviour("127.0.0.1", behaviour::refused);
    check_outcome(
        user(s).run(caa_check({"example.com", "--issuer", "letsencrypt.org"})),
        8,
        "example.com: error (letsencrypt.org, DNSSEC unknown)\n"
        "  the CAA look-up for example.com got no usable answer, so nothing permits issuance (BR "
        "3.2.2.8): SERVFAIL: no name server gave a usable answer\n"
        "  warning: another CA may issue if example.com is not signed and fails again "
        "(BR 3.2.2.8); Let's Encrypt never does\n"
        "  to do: check the DNSSEC of example.com first, then query each of its name servers for "
        "CAA: they may be failing or answer such queries wrongly\n",
        "acme-dns01: error: CAA could not be checked\n"
    );
}

BOOST_AUTO_TEST_CASE(an_issuer_is_required) {
    local_digitalocean s;
    user const u(s);
    check_outcome(
        u.run(caa_check({"example.com"})),
        2,
        "",
        "acme-dns01: error: no CA was named\n"
        "acme-dns01: hint: give its name with --issuer, such as letsencrypt.org, or its ACME "
        "--directory\n"
    );
    check_outcome(
        u.run(caa_check({"example.com", "--issuer", "pki.goog", "--directory", "https://a.test"})),
        2,
        "",
        "acme-dns01: error: --issuer and --directory cannot be used together\n"
        "acme-dns01: hint: `acme-dns01 help` lists the commands, `acme-dns01 help options` the "
        "options\n"
    );
    check_outcome(
        u.run(caa_check({"192.0.2.1", "--issuer", "pki.goog"})),
        2,
        "",
        "acme-dns01: error: no certificate can be issued for '192.0.2.1': it is not a domain name\n"
    );
    BOOST_TEST(u.run(caa_check({"example.com", "--caa-issuer", "pki.goog"})).status == 0);
}

BOOST_AUTO_TEST_CASE(the_acme_directory_gives_the_names_of_the_ca) {
    local_digitalocean s;
    s.add_record("example.com", caa_record("@", "pki.goog"));
    acme_dns01::sandbox::fault directory;
    directory.path_prefix = "/directory";
    directory.status = 200;
    directory.body = R"({"newOrder":"https://ca.test/new","meta":{"caaIdentities":["pki.goog"]}})";
    s.inject(directory);
    user const u(s);
    auto const url = s.api_url() + "/directory";
    auto const told = u.run(caa_check({"example.com", "--directory", url, "--json"}));
    BOOST_TEST(told.status == 0);
    BOOST_TEST(told.out.find(R"("issuer":"pki.goog","verdict":"permitted")") != std::string::npos);
    // The next one is the API's own, which asks for a token that it is not given.
    check_outcome(
        u.run(caa_check({"example.com", "--directory", url})),
        9,
        "",
        "acme-dns01: error: the ACME directory " + url +
            " answered with status 401\n"
            "acme-dns01: hint: find the directory in the CA's documentation\n"
    );
}

BOOST_AUTO_TEST_CASE(an_unreadable_acme_directory_is_reported_as_such) {
    local_digitalocean s;
    auto const url = s.api_url() + "/directory";
    struct {
        acme_dns01::sandbox::fault_action does;
        unsigned http_status;
        int status;
        std::string why;
        std::string hint;
    } const rows[] = {
        {fault_action::answer, 301, 9, " answered with status 301", documentation},
        {fault_action::answer, 404, 9, " answered with status 404", documentation},
        {fault_action::answer, 429, 8, " answered with status 429", "try again later"},
        {fault_action::answer, 503, 8, " answered with status 503", "try again later"},
        {fault_action::garbage, 200, 9, ": the answer is not an ACME directory", example},
        {fault_action::oversized,
         200,
         9,
         ": " + s.api_url() + " sent an answer of more than 8 MiB",
         example},
    };
    for (auto const& row : rows) {
        acme_dns01::sandbox::fault f;
        f.action = row.does;
        f.path_prefix = "/directory";
        f.status = row.http_status;
        s.inject(f);
        check_outcome(
            user(s).run(caa_check({"example.com", "--directory", url})),
            row.status,
            "",
            "acme-dns01: error: the ACME directory " + url + row.why +
                "\nacme-dns01: hint: " + row.hint + "\n"
        );
    }
}

BOOST_AUTO_TEST_CASE(an_invalid_directory_url_is_a_usage_error) {
    local_digitalocean s;
    check_outcome(
        user(s).run(caa_check({"example.com", "--directory", "letsencrypt"})),
        2,
        "",
        "acme-dns01: error: --directory: 'letsencrypt' is not an API URL: it does not parse\n"
        "acme-dns01: hint: " +
            example + "\n"
    );
}

BOOST_AUTO_TEST_CASE(a_directory_without_caa_identities_is_an_error) {
    local_digitalocean s;
    temporary_folder const folder("acme-dns01-test");
    pebble const ca(s, folder.path());
    check_outcome(
        user(s).run(caa_check({"example.com", "--directory", ca.directory()})),
        2,
        "",
        "acme-dns01: error: the directory at 127.0.0.1 does not say which CAA records name its "
        "CA\nacme-dns01: hint: name the CA with --issuer\n"
    );
}

BOOST_AUTO_TEST_CASE(probable_mistakes_in_records_are_warned_about) {
    struct {
        record published;
        std::string warning;
    } const cases[] = {
        {caa_record("@", "LetsEncrypt.org"), "has capitals in its issuer"},
        {caa_record("@", "letsencrypt.org", "issue", 1), "sets flag 1"},
        {caa_record("@", "letsencrypt.org;AccountURI=https://a.test/1"),
         "has the unknown parameter 'AccountURI'"},
        {caa_record("@", std::string("letsencrypt.org;accounturi=") + account),
         "permits an account of Let's Encrypt's production CA only"},
        {caa_record("@", "letsencrypt.org;validationmethods=http-01"), "does not list dns-01"},
        {caa_record("@", "letsencrypt.com"), "does not name Let's Encrypt, which is called"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.published.data) {
            local_digitalocean s;
            s.add_record("example.com", c.published);
            auto const done = user(s).run(caa_check({"example.com", "--issuer", "letsencrypt"}));
            BOOST_TEST(done.out.find("  warning: ") != std::string::npos);
            BOOST_TEST(done.out.find(c.warning) != std::string::npos, done.out);
        }
    }
}

BOOST_AUTO_TEST_CASE(progress_is_drawn_on_a_terminal_and_erased_at_the_end) {
    local_digitalocean s;
    terminal const t;
    auto const done = user(s).run_on(
        t, caa_check({"example.com", "www.example.com", "--issuer", "letsencrypt"}), false
    );
    BOOST_TEST(done.status == 0);
    BOOST_TEST(
        t.drawn() == "1 of 2 domains looked up\n\x1b[1A\x1b[J2 of 2 domains looked up\n"
                     "\x1b[1A\x1b[J"
    );
}

BOOST_AUTO_TEST_CASE(the_climb_to_the_top_is_drawn_level_by_level) {
    local_digitalocean s;
    record alias;
    alias.type = "CNAME";
    alias.name = "www";
    alias.data = "edge.example.com";
    alias.ttl = 1800;
    s.add_record("example.com", alias);
    s.add_record("example.com", caa_record("edge", "pki.goog"));
    s.add_record("example.com", caa_record("@", "letsencrypt.org"));
    user const u(s);
    check_outcome(
        u.run({"caa", "show", "a.www.example.com"}),
        0,
        "a.www.example.com\n"
        "  a.www.example.com  no such name                        unknown\n"
        "  www.example.com    decides                             unknown\n"
        "    alias of edge.example.com\n"
        "    0 issue \"pki.goog\"\n"
        "  example.com        1 CAA record, and does not count    unknown\n"
        "    0 issue \"letsencrypt.org\"\n"
        "  com                no CAA records, and does not count  unknown\n",
        ""
    );
    auto const told = u.run({"caa", "show", "www.example.com", "--json"});
    BOOST_TEST(
        told.out ==
        R"({"results":[{"domain":"www.example.com","found_at":"www.example.com",)"
        R"("records":[{"flags":0,"tag":"issue","value":"pki.goog"}],"dnssec":"unknown","climb":[)"
        R"({"name":"www.example.com","found":"records","alias_of":"edge.example.com",)"
        R"("records":[{"flags":0,"tag":"issue","value":"pki.goog"}],"dnssec":"unknown",)"
        R"("failure":null},{"name":"example.com","found":"records","alias_of":null,)"
        R"("records":[{"flags":0,"tag":"issue","value":"letsencrypt.org"}],"dnssec":"unknown",)"
        R"("failure":null},{"name":"com","found":"nothing","alias_of":null,"records":[],)"
        R"("dnssec":"unknown","failure":null}]}]})"
        "\n"
    );
}

BOOST_AUTO_TEST_CASE(a_date_chooses_the_rules) {
    local_digitalocean s;
    s.add_record("example.com", caa_record("@", "letsencrypt.org;validationmethods=ca-tbr-7"));
    s.add_record("example.com", caa_record("pinned", "pki.goog;validationmethods=http-01"));
    user const u(s);
    texts const labelled{"example.com", "--issuer", "letsencrypt.org"};
    auto const today = u.run(caa_check(labelled));
    BOOST_TEST(today.status == 6);
    BOOST_TEST(
        today.out.find("  warning: from 2027-03-15 on, permitted: example.com has CAA 0 issue "
                       "\"letsencrypt.org;validationmethods=ca-tbr-7\"") != std::string::npos,
        today.out
    );
    struct {
        std::string at;
        int status;
    } const cases[] = {
        {"2027-03-14", 6},
        {"2027-03-14T23:59:59Z", 6},
        {"2027-03-15", 0},
        {"2027-03-15T00:00:00Z", 0},
        {"15.3.2027", 2},
        {"2027-03-15T00:00:00", 2},
    };
    for (auto const& c : cases) {
        auto const done = u.run(caa_check(joined(labelled, {"--at", c.at})));
        BOOST_TEST(done.status == c.status, c.at);
        if (c.status == 0) BOOST_TEST(done.out.find("from 2027") == std::string::npos, c.at);
    }
    // A CA that heeds the parameters only because it has to.
    texts const pinned{"pinned.example.com", "--issuer", "pki.goog"};
    constexpr auto not_known = "is not known to act upon";
    BOOST_TEST(u.run(caa_check(pinned)).out.find(not_known) != std::string::npos);
    auto const then = u.run(caa_check(joined(pinned, {"--at", "2027-03-15"})));
    BOOST_TEST(then.status == 6);
    BOOST_TEST(then.out.find(not_known) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
