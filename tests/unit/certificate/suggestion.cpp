#include "certificate/suggestion.hpp"

#include "support/test_ca.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::certificate;
using acme_dns01::test::noon;

BOOST_AUTO_TEST_SUITE(certificate_suggestion)

BOOST_AUTO_TEST_CASE(times_are_read_in_every_form_of_rfc_3339) {
    struct {
        std::string text;
        std::optional<std::chrono::seconds> after; // noon
    } const cases[] = {
        {"2026-11-28T12:00:00Z", std::chrono::seconds(0)},
        {"2026-11-28t12:00:01z", std::chrono::seconds(1)},
        {"2026-11-28T12:00:00.999Z", std::chrono::seconds(0)},
        {"2026-11-28T13:30:00+01:30", std::chrono::seconds(0)},
        {"2026-11-28T11:00:00-01:00", std::chrono::seconds(0)},
        {"2026-11-29T12:00:00Z", std::chrono::seconds(86400)},
        {"2026-11-28T12:00:00", std::nullopt},
        {"2026-11-28 12:00:00Z", std::nullopt},
        {"2026-02-29T12:00:00Z", std::nullopt},
        {"2026-11-28T24:00:00Z", std::nullopt},
        {"2026-11-28T12:00:00+1:00", std::nullopt},
        {"2026-11-28T12:00:00+01:0x", std::nullopt},
        {"2026-11-28T12:00:00.Z.", std::nullopt},
        {"", std::nullopt},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const read = moment_in(c.text);
            BOOST_TEST(read.has_value() == c.after.has_value());
            if (read) BOOST_TEST((*read == noon + *c.after));
        }
    }
}

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
    l.directory = "letsencrypt-test";
    BOOST_TEST(directory_of(l, of) == "https://acme-staging-v02.api.letsencrypt.org/directory");
    l.directory = "https://ca.test/dir";
    BOOST_TEST(directory_of(l, of) == "https://ca.test/dir");
}

BOOST_AUTO_TEST_SUITE_END()
