#include "support/caa_records.hpp"
#include "support/outcome_check.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_caa_allow)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

constexpr auto account = "https://acme-v02.api.letsencrypt.org/acme/acct/1";

// "@ 0 issue letsencrypt.org" for each CAA record at the API.
texts caa_records(local_digitalocean const& s) {
    texts found;
    for (auto const& r : s.records("example.com")) {
        if (r.type != "CAA") continue;
        found.push_back(
            r.name + " " + std::to_string(r.flags.value_or(-1)) + " " + r.tag.value_or("") + " " +
            r.data
        );
    }
    return found;
}

texts caa_allow(texts rest) {
    rest.insert(rest.begin(), {"caa", "allow"});
    return rest;
}

} // namespace

BOOST_AUTO_TEST_CASE(nothing_is_changed_without_yes) {
    local_digitalocean s;
    s.add_record("example.com", caa_record("@", "pki.goog"));
    check_outcome(
        user(s).run(caa_allow({"www.example.com", "--issuer", "letsencrypt"})),
        0,
        "  example.com CAA 0 issue \"pki.goog\"\n"
        "+ example.com CAA 0 issue \"letsencrypt.org\"\n"
        "nothing was changed: --yes applies this\n",
        ""
    );
    BOOST_TEST(caa_records(s) == texts{"@ 0 issue pki.goog"}, per_element());
}

BOOST_AUTO_TEST_CASE(yes_creates_the_records_waits_and_checks_again) {
    local_digitalocean s(quick());
    s.add_record("example.com", caa_record("@", "pki.goog"));
    auto const pinned =
        std::string("letsencrypt.org;accounturi=") + account + ";validationmethods=dns-01";
    auto const call = caa_allow(
        {"www.example.com",
         "--issuer",
         "letsencrypt",
         "--account-uri",
         account,
         "--method",
         "dns-01",
         "--yes"}
    );
    auto const done = user(s).run(call);
    check_outcome(
        done,
        0,
        "  example.com CAA 0 issue \"pki.goog\"\n"
        "+ example.com CAA 0 issue \"" +
            pinned +
            "\"\n"
            "www.example.com: permitted (letsencrypt.org, DNSSEC unknown)\n"
            "  example.com has CAA 0 issue \"" +
            pinned +
            "\", which permits letsencrypt.org for this account by dns-01 (RFC 8659 4.2, RFC 8657 "
            "3 and 4)\n"
            "  warning: CAA 0 issue \"" +
            pinned +
            "\" at example.com permits an account of Let's Encrypt's production CA only: its "
            "staging CA (acme-staging-v02) will refuse tests\n" +
            unproven_line,
        ""
    );
    BOOST_TEST(
        caa_records(s) == (texts{"@ 0 issue pki.goog", "@ 0 issue " + pinned}), per_element()
    );
    acme_dns01::dns::question const asked{
        acme_dns01::dns::name::parse("example.com").value(), acme_dns01::dns::record_type::caa};
    for (auto const* address : {"127.53.0.1", "127.53.0.2", "127.53.0.3"})
        BOOST_TEST(s.query_count_of(address, asked) >= 1U);
    // Once more, there is nothing to do.
    auto const again = user(s).run(call);
    BOOST_TEST(again.status == 0);
    BOOST_TEST(again.out.ends_with("nothing to change\n"), again.out);
    BOOST_TEST(caa_records(s).size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_wildcard_alone_is_allowed_by_issuewild) {
    local_digitalocean s(quick());
    s.add_record("example.com", caa_record("@", "pki.goog"));
    auto const done =
        user(s).run(caa_allow({"example.com", "--issuer", "letsencrypt", "--wildcard-only", "--yes"}
        ));
    BOOST_TEST(done.status == 0);
    BOOST_TEST(
        caa_records(s) == (texts{
                              "@ 0 issue pki.goog",
                              "@ 0 issuewild pki.goog",
                              "@ 0 issuewild letsencrypt.org",
                          }),
        per_element()
    );
    auto const plain = user(s).run({"caa", "check", "example.com", "--issuer", "letsencrypt"});
    BOOST_TEST(plain.status == 6);
}

BOOST_AUTO_TEST_CASE(the_new_record_is_added_at_the_wildcard_that_answers) {
    local_digitalocean s(quick());
    s.add_record("example.com", caa_record("*", "pki.goog"));
    auto const done =
        user(s).run(caa_allow({"a.b.example.com", "--issuer", "letsencrypt", "--yes"}));
    BOOST_TEST(done.status == 0);
    BOOST_TEST(done.out.starts_with("  *.example.com CAA 0 issue \"pki.goog\"\n+ *.example.com CAA "
                                    "0 issue \"letsencrypt.org\"\na.b.example.com: permitted"));
    BOOST_TEST(
        caa_records(s) == (texts{"* 0 issue pki.goog", "* 0 issue letsencrypt.org"}), per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_change_that_fails_half_way_is_undone) {
    local_digitalocean s(quick());
    s.add_record("example.com", caa_record("@", "pki.goog"));
    auto refusal = failing(acme_dns01::sandbox::fault_action::answer, "POST");
    refusal.status = 422;
    refusal.skip = 1;
    s.inject(refusal);
    auto const done =
        user(s).run(caa_allow({"example.com", "--issuer", "letsencrypt", "--wildcard-only", "--yes"}
        ));
    BOOST_TEST(done.status == 9);
    BOOST_TEST(caa_records(s) == texts{"@ 0 issue pki.goog"}, per_element());
}

// The connection is lost, nothing is found, and the request is sent once more.
BOOST_AUTO_TEST_CASE(a_request_without_an_answer_is_reported_as_uncertain) {
    local_digitalocean s(quick());
    s.inject(failing(acme_dns01::sandbox::fault_action::reset_before, "POST"));
    s.add_record("example.com", caa_record("@", "pki.goog"));
    auto const done = user(s).run(caa_allow({"example.com", "--issuer", "letsencrypt", "--yes"}));
    BOOST_TEST(done.status == 0);
    BOOST_TEST(
        done.err ==
        "acme-dns01: warning: zone example.com may hold one more record CAA 0 issue "
        "\"letsencrypt.org\" than shown here, because the API did not report the result of a "
        "request: `acme-dns01 record list example.com --type CAA` shows it\n"
    );
    BOOST_TEST(
        caa_records(s) == (texts{"@ 0 issue pki.goog", "@ 0 issue letsencrypt.org"}), per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_change_needs_a_zone_of_the_account_covered_by_allow) {
    local_digitalocean s;
    s.add_record("example.com", caa_record("@", "pki.goog"));
    user const u(s);
    auto const elsewhere = u.run(caa_allow({"example.net", "--issuer", "letsencrypt"}));
    BOOST_TEST(elsewhere.status == 5);
    auto const narrow = u.run(caa_allow(
        {"www.example.com", "--issuer", "letsencrypt", "--allow", "www.example.com", "--yes"}
    ));
    BOOST_TEST(narrow.status == 3);
    BOOST_TEST(caa_records(s) == texts{"@ 0 issue pki.goog"}, per_element());
}

BOOST_AUTO_TEST_SUITE_END()
