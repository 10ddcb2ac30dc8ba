#include "caa/decision.hpp"
#include "support/caa_levels.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_match)

using namespace acme_dns01;
using namespace acme_dns01::caa;
using test::asked;
using test::issue;

namespace {

struct row {
    std::string value;
    match expected;
};

void check(row const& c, request const& r) {
    BOOST_TEST_CONTEXT("'" << c.value << "'") {
        BOOST_TEST(
            static_cast<int>(match_of(issue(c.value).issue, r)) == static_cast<int>(c.expected)
        );
    }
}

} // namespace

// RFC 8659 4.2
BOOST_AUTO_TEST_CASE(an_issuer_is_an_identity_byte_by_byte) {
    row const cases[] = {
        {"letsencrypt.org", match::authorized},
        {" letsencrypt.org ;", match::authorized},
        {"letsencrypt.org; policy=ev; policy=dv", match::authorized},
        {"LetsEncrypt.org", match::other_ca},
        {"www.letsencrypt.org", match::other_ca},
        {"letsencrypt.or", match::other_ca},
        {"ca.example", match::other_ca},
        {"", match::no_ca},
        {";", match::no_ca},
        {"; policy=ev", match::no_ca},
        {"letsencrypt.org.", match::malformed},
        {"letsencrypt.org; a-b=1", match::malformed},
        {"letsencrypt.org; a=1;", match::malformed},
        {"letsencrypt.org; =1", match::authorized},
    };
    for (auto const& c : cases)
        check(c, asked("example.com"));
}

BOOST_AUTO_TEST_CASE(any_identity_of_the_ca_will_do) {
    auto r = asked("example.com");
    r.by = find_issuer("sectigo").value();
    row const cases[] = {
        {"sectigo.com", match::authorized},
        {"comodoca.com", match::authorized},
        {"affirmtrust.com", match::authorized},
        {"zerossl.com", match::other_ca},
        {"letsencrypt.org", match::other_ca},
    };
    for (auto const& c : cases)
        check(c, r);
}

// RFC 8657 3
BOOST_AUTO_TEST_CASE(an_account_is_compared_as_it_is_written) {
    std::string const begin = "letsencrypt.org; accounturi=";
    std::string const account(test::production_account);
    row const cases[] = {
        {begin + account, match::authorized},
        {begin + account + "2", match::other_account},
        {begin + account + "/", match::other_account},
        {begin + "HTTPS" + account.substr(5), match::other_account},
        {begin + "http" + account.substr(5), match::other_account},
        {begin + "mailto:a@example.com", match::other_account},
        {begin, match::invalid_account},
        {begin + "\\\\invalid/1", match::invalid_account},
        {begin + "1", match::invalid_account},
        {begin + ":x", match::invalid_account},
        {begin + "x:", match::invalid_account},
        {begin + "1x:y", match::invalid_account},
        {begin + account + "; accounturi=" + account, match::invalid_account},
        {begin + "; accounturi=", match::invalid_account},
        {begin + account + "; accounturi=", match::invalid_account},
        {"letsencrypt.org; AccountURI=" + account + "2", match::authorized},
        {"letsencrypt.org; x=1; accounturi=" + account, match::authorized},
    };
    for (auto const& c : cases)
        check(c, asked("example.com"));
}

BOOST_AUTO_TEST_CASE(an_account_that_is_not_known_may_be_the_one) {
    auto r = asked("example.com");
    r.account_uri.clear();
    row const cases[] = {
        {"letsencrypt.org; accounturi=https://ca.example/1", match::authorized},
        {"letsencrypt.org; accounturi=", match::invalid_account},
        {"letsencrypt.org; accounturi=x", match::invalid_account},
        {"letsencrypt.org; accounturi=a:b; accounturi=a:b", match::invalid_account},
        {"letsencrypt.org; accounturi=a:b; validationmethods=http-01", match::other_method},
    };
    for (auto const& c : cases)
        check(c, r);
}

// RFC 8657 4
BOOST_AUTO_TEST_CASE(a_method_is_one_of_a_list_without_blanks) {
    std::string const begin = "letsencrypt.org; validationmethods=";
    row const cases[] = {
        {begin + "dns-01", match::authorized},
        {begin + "http-01,dns-01", match::authorized},
        {begin + "dns-01,http-01", match::authorized},
        {begin + "xyz-01,dns-01", match::authorized},
        {begin + "dns-01,", match::authorized},
        {begin + "dns-01,,", match::authorized},
        {begin + "dns-01,a_b", match::authorized},
        {begin + "http-01", match::other_method},
        {begin + "DNS-01", match::other_method},
        {begin + "dns01", match::other_method},
        {begin + "dns-account-01", match::other_method},
        {begin, match::invalid_method},
        {begin + ",", match::invalid_method},
        {begin + ",dns-01", match::invalid_method},
        {begin + "a_b,dns-01", match::invalid_method},
        {begin + "http-01,", match::invalid_method},
        {begin + "dns-01; validationmethods=dns-01", match::invalid_method},
        {begin + "dns-01; validationmethods=http-01", match::invalid_method},
        {begin + "http-01, dns-01", match::malformed},
        {"letsencrypt.org; ValidationMethods=http-01", match::authorized},
    };
    for (auto const& c : cases)
        check(c, asked("example.com"));
}

BOOST_AUTO_TEST_CASE(other_methods_are_asked_for) {
    auto r = asked("example.com");
    r.method = "dns-persist-01";
    check({"letsencrypt.org; validationmethods=dns-01", match::other_method}, r);
    check({"letsencrypt.org; validationmethods=dns-01,dns-persist-01", match::authorized}, r);
}

BOOST_AUTO_TEST_CASE(conditions_of_one_record_add_up) {
    std::string const ours = "letsencrypt.org; accounturi=" + std::string(test::production_account);
    check({ours + "; validationmethods=dns-01", match::authorized}, asked("example.com"));
    check({ours + "; validationmethods=http-01", match::other_method}, asked("example.com"));
    check({ours + "2; validationmethods=dns-01", match::other_account}, asked("example.com"));
}

BOOST_AUTO_TEST_CASE(a_permitting_value_has_no_blanks) {
    auto const r = asked("example.com");
    std::string const account = ";accounturi=" + std::string(test::production_account);
    BOOST_TEST(permitting_value(r, {}) == "letsencrypt.org");
    BOOST_TEST(permitting_value(r, {.account = true}) == "letsencrypt.org" + account);
    BOOST_TEST(permitting_value(r, {.method = true}) == "letsencrypt.org;validationmethods=dns-01");
    auto const both = permitting_value(r, {.account = true, .method = true});
    BOOST_TEST(both == "letsencrypt.org" + account + ";validationmethods=dns-01");
    check({both, match::authorized}, r);
}

BOOST_AUTO_TEST_SUITE_END()
