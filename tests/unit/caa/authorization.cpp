#include "caa/authorization.hpp"

#include "support/climb.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::caa;
using test::asked;
using test::issue;

namespace {

struct row {
    std::string value;
    standing expected;
};

void check(row const& c, request const& r, reading const& as = {}) {
    BOOST_TEST_CONTEXT("'" << c.value << "'") {
        BOOST_TEST(
            static_cast<int>(standing_of(issue(c.value), r, as)) == static_cast<int>(c.expected)
        );
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(caa_authorization)

// RFC 8659 4.2
BOOST_AUTO_TEST_CASE(an_issuer_is_an_identity_byte_by_byte) {
    row const cases[] = {
        {"letsencrypt.org", standing::authorized},
        {" letsencrypt.org ;", standing::authorized},
        {"letsencrypt.org; policy=ev; policy=dv", standing::authorized},
        {"LetsEncrypt.org", standing::names_another},
        {"www.letsencrypt.org", standing::names_another},
        {"letsencrypt.or", standing::names_another},
        {"ca.example", standing::names_another},
        {"", standing::names_no_ca},
        {";", standing::names_no_ca},
        {"; policy=ev", standing::names_no_ca},
        {"letsencrypt.org.", standing::malformed},
        {"letsencrypt.org; a-b=1", standing::malformed},
        {"letsencrypt.org; a=1;", standing::malformed},
        {"letsencrypt.org; =1", standing::authorized},
    };
    for (auto const& c : cases)
        check(c, asked("example.com"));
}

BOOST_AUTO_TEST_CASE(any_identity_of_the_ca_will_do) {
    auto r = asked("example.com");
    r.by = find_issuer("sectigo").value();
    row const cases[] = {
        {"sectigo.com", standing::authorized},
        {"comodoca.com", standing::authorized},
        {"affirmtrust.com", standing::authorized},
        {"zerossl.com", standing::names_another},
        {"letsencrypt.org", standing::names_another},
    };
    for (auto const& c : cases)
        check(c, r);
}

// RFC 8657 3
BOOST_AUTO_TEST_CASE(an_account_is_compared_as_it_is_written) {
    std::string const begin = "letsencrypt.org; accounturi=";
    std::string const account(test::production_account);
    row const cases[] = {
        {begin + account, standing::authorized},
        {begin + account + "2", standing::other_account},
        {begin + account + "/", standing::other_account},
        {begin + "HTTPS" + account.substr(5), standing::other_account},
        {begin + "http" + account.substr(5), standing::other_account},
        {begin + "mailto:a@example.com", standing::other_account},
        {begin, standing::account_impossible},
        {begin + "\\\\invalid/1", standing::account_impossible},
        {begin + "1", standing::account_impossible},
        {begin + ":x", standing::account_impossible},
        {begin + "x:", standing::account_impossible},
        {begin + "1x:y", standing::account_impossible},
        {begin + account + "; accounturi=" + account, standing::account_impossible},
        {begin + "; accounturi=", standing::account_impossible},
        {begin + account + "; accounturi=", standing::account_impossible},
        {"letsencrypt.org; AccountURI=" + account + "2", standing::authorized},
        {"letsencrypt.org; x=1; accounturi=" + account, standing::authorized},
    };
    for (auto const& c : cases)
        check(c, asked("example.com"));
}

BOOST_AUTO_TEST_CASE(an_account_that_is_not_known_may_be_the_one) {
    auto r = asked("example.com");
    r.account_uri.clear();
    row const cases[] = {
        {"letsencrypt.org; accounturi=https://ca.example/1", standing::authorized},
        {"letsencrypt.org; accounturi=", standing::account_impossible},
        {"letsencrypt.org; accounturi=x", standing::account_impossible},
        {"letsencrypt.org; accounturi=a:b; accounturi=a:b", standing::account_impossible},
        {"letsencrypt.org; accounturi=a:b; validationmethods=http-01", standing::other_method},
    };
    for (auto const& c : cases)
        check(c, r);
}

// RFC 8657 4
BOOST_AUTO_TEST_CASE(a_method_is_one_of_a_list_without_blanks) {
    std::string const begin = "letsencrypt.org; validationmethods=";
    row const cases[] = {
        {begin + "dns-01", standing::authorized},
        {begin + "http-01,dns-01", standing::authorized},
        {begin + "dns-01,http-01", standing::authorized},
        {begin + "xyz-01,dns-01", standing::authorized},
        {begin + "dns-01,", standing::authorized},
        {begin + "dns-01,,", standing::authorized},
        {begin + "dns-01,a_b", standing::authorized},
        {begin + "http-01", standing::other_method},
        {begin + "DNS-01", standing::other_method},
        {begin + "dns01", standing::other_method},
        {begin + "dns-account-01", standing::other_method},
        {begin, standing::method_impossible},
        {begin + ",", standing::method_impossible},
        {begin + ",dns-01", standing::method_impossible},
        {begin + "a_b,dns-01", standing::method_impossible},
        {begin + "http-01,", standing::method_impossible},
        {begin + "dns-01; validationmethods=dns-01", standing::method_impossible},
        {begin + "dns-01; validationmethods=http-01", standing::method_impossible},
        {begin + "http-01, dns-01", standing::malformed},
        {"letsencrypt.org; ValidationMethods=http-01", standing::authorized},
    };
    for (auto const& c : cases)
        check(c, asked("example.com"));
}

BOOST_AUTO_TEST_CASE(other_methods_are_asked_for) {
    auto r = asked("example.com");
    r.method = "dns-persist-01";
    check({"letsencrypt.org; validationmethods=dns-01", standing::other_method}, r);
    check({"letsencrypt.org; validationmethods=dns-01,dns-persist-01", standing::authorized}, r);
}

BOOST_AUTO_TEST_CASE(conditions_of_one_record_add_up) {
    std::string const ours = "letsencrypt.org; accounturi=" + std::string(test::production_account);
    check({ours + "; validationmethods=dns-01", standing::authorized}, asked("example.com"));
    check({ours + "; validationmethods=http-01", standing::other_method}, asked("example.com"));
    check({ours + "2; validationmethods=dns-01", standing::other_account}, asked("example.com"));
}

BOOST_AUTO_TEST_CASE(other_cas_read_otherwise) {
    auto const r = asked("example.com");
    auto const with = [](bool reading::*point, bool value) {
        reading as;
        as.*point = value;
        return as;
    };
    std::string const begin = "letsencrypt.org; validationmethods=";
    struct {
        bool reading::*point;
        bool value;
        row c;
    } const cases[] = {
        {&reading::folds_issuers, true, {"LetsEncrypt.org", standing::authorized}},
        {&reading::has_hyphens_in_parameters,
         true,
         {"letsencrypt.org; a-b=1", standing::authorized}},
        {&reading::has_nameless_parameters, false, {"letsencrypt.org; =1", standing::malformed}},
        {&reading::folds_parameter_names,
         true,
         {"letsencrypt.org; AccountURI=a:b", standing::other_account}},
        {&reading::folds_parameter_names,
         true,
         {"letsencrypt.org; ValidationMethods=http-01", standing::other_method}},
        {&reading::joins_methods,
         true,
         {begin + "http-01; validationmethods=dns-01", standing::authorized}},
        {&reading::checks_all_methods, true, {begin + "dns-01,", standing::method_impossible}},
        {&reading::checks_all_methods, true, {begin + "dns-01,http-01", standing::authorized}},
        {&reading::folds_methods, true, {begin + "DNS-01", standing::authorized}},
    };
    for (auto const& c : cases)
        check(c.c, r, with(c.point, c.value));
}

BOOST_AUTO_TEST_CASE(a_permitting_value_has_no_blanks) {
    auto const r = asked("example.com");
    std::string const account = ";accounturi=" + std::string(test::production_account);
    BOOST_TEST(permitting_value(r, false, false) == "letsencrypt.org");
    BOOST_TEST(permitting_value(r, true, false) == "letsencrypt.org" + account);
    BOOST_TEST(permitting_value(r, false, true) == "letsencrypt.org;validationmethods=dns-01");
    auto const both = permitting_value(r, true, true);
    BOOST_TEST(both == "letsencrypt.org" + account + ";validationmethods=dns-01");
    check({both, standing::authorized}, r);
}

BOOST_AUTO_TEST_SUITE_END()
