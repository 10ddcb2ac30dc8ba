#include "caa/decision.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_request)

using namespace acme_dns01;
using namespace acme_dns01::caa;

BOOST_AUTO_TEST_CASE(a_wildcard_is_one_of_the_name_below_it) {
    struct {
        std::string text;
        std::string domain;
        bool wildcard;
        std::string shown;
    } const cases[] = {
        {"example.com", "example.com", false, "example.com"},
        {"WWW.Example.com.", "www.example.com", false, "www.example.com"},
        {"*.example.com", "example.com", true, "*.example.com"},
        {"*.bücher.example", "xn--bcher-kva.example", true, "*.xn--bcher-kva.example"},
        {"localhost", "localhost", false, "localhost"},
        {"1.2.3.example", "1.2.3.example", false, "1.2.3.example"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const r =
                make_request(c.text, {.name = "CA", .identities = {"ca.example"}}).value();
            BOOST_TEST(r.domain.text() == c.domain);
            BOOST_TEST(r.wildcard == c.wildcard);
            BOOST_TEST(domain_of(r) == c.shown);
            BOOST_TEST(r.by.name == "CA");
            BOOST_TEST(r.account_uri == "");
            BOOST_TEST(r.method == "dns-01");
        }
    }
}

BOOST_AUTO_TEST_CASE(what_no_certificate_is_issued_for_is_refused) {
    struct {
        std::string text;
        std::string message;
    } const cases[] = {
        {"", "'' is not a domain name: it is empty"},
        {"*.", "'' is not a domain name: it is empty"},
        {".", "no certificate can be issued for the root zone"},
        {"*", "no certificate can be issued for '*': '*' may only be the whole first label"},
        {"*.*.example.com",
         "no certificate can be issued for '*.*.example.com': '*' may only be the whole first "
         "label"},
        {"a.*.example.com",
         "'a.*.example.com' is not a domain name: a label holds only letters, digits, '-' and '_'"},
        {"192.0.2.1", "no certificate can be issued for '192.0.2.1': it is not a domain name"},
        {"*.192.0.2.1", "no certificate can be issued for '*.192.0.2.1': it is not a domain name"},
        {"2001:db8::1",
         "'2001:db8::1' is not a domain name: a label holds only letters, digits, '-' and '_'"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const r = make_request(c.text, {});
            BOOST_REQUIRE(!r);
            BOOST_TEST((r.error().kind == error_kind::usage));
            BOOST_TEST(r.error().message == c.message);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
