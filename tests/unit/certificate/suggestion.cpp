#include "certificate/suggestion.hpp"

#include "support/test_ca.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(certificate_suggestion)

using namespace acme_dns01;
using namespace acme_dns01::certificate;
using acme_dns01::test::noon;

BOOST_AUTO_TEST_CASE(answers_that_make_no_sense_are_errors) {
    BOOST_TEST(
        suggestions_in(R"({"newOrder":"https://a.test/o","renewalInfo":"https://a.test/ari"})")
            .value() == "https://a.test/ari"
    );
    BOOST_TEST(
        suggestions_in(R"({"newOrder":"https://a.test/o"})").error().message ==
        "makes no suggestions (RFC 9773)"
    );
    for (std::string const body : {"", "[]", "{}", R"({"renewalInfo":"https://a.test/ari"})"})
        BOOST_TEST(suggestions_in(body).error().message == "is no ACME directory");
    for (std::string const body :
         {"",
          "{}",
          R"({"suggestedWindow":{"start":"2026-11-28T12:00:00Z"}})",
          R"({"suggestedWindow":{"start":"2026-11-28T12:00:00Z","end":"2026-11-28T12:00:00Z"}})",
          R"({"suggestedWindow":{"start":"soon","end":"2026-11-28T12:00:00Z"}})"})
        BOOST_TEST(window_in(body).error().message == "names no window of time");
}

BOOST_AUTO_TEST_CASE(the_directory_is_that_of_the_client_or_the_issuer) {
    lineage l;
    leaf of;
    BOOST_TEST(directory_of(l, of) == "");
    of.issuing_organisation = "Let's Encrypt";
    BOOST_TEST(directory_of(l, of) == "https://acme-v02.api.letsencrypt.org/directory");
    of.issuing_organisation = "(STAGING) Let's Encrypt";
    BOOST_TEST(directory_of(l, of) == "https://acme-staging-v02.api.letsencrypt.org/directory");
    l.directory = "letsencrypt-staging";
    BOOST_TEST(directory_of(l, of) == "https://acme-staging-v02.api.letsencrypt.org/directory");
    l.directory = "letsencrypt";
    BOOST_TEST(directory_of(l, of) == "https://acme-v02.api.letsencrypt.org/directory");
    l.directory = "letsencrypt-test";
    BOOST_TEST(directory_of(l, of) == "https://acme-staging-v02.api.letsencrypt.org/directory");
    l.directory = "https://ca.test/dir";
    BOOST_TEST(directory_of(l, of) == "https://ca.test/dir");
}

BOOST_AUTO_TEST_CASE(the_server_of_a_url_says_which_of_the_known_cas_it_is) {
    BOOST_TEST(origin_of("https://CA.test:14000/dir/1") == "https://ca.test:14000");
    BOOST_TEST(origin_of("https://ca.test") == "https://ca.test");
    BOOST_TEST(origin_of("ca.test/dir") == "");
    BOOST_TEST(
        known_directory_at("https://acme.zerossl.com") == "https://acme.zerossl.com/v2/DV90"
    );
    BOOST_TEST(known_directory_at("https://ca.test") == "");
    BOOST_TEST(known_directory_at("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
