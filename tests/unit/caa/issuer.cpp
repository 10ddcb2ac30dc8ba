#include "caa/issuer.hpp"

#include "base/text.hpp"
#include "caa/record.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(caa_issuer)

using namespace acme_dns01;
using namespace acme_dns01::caa;

namespace {

using words = std::vector<std::string>;

words const sectigo_names{
    "sectigo.com",
    "trust-provider.com",
    "usertrust.com",
    "comodoca.com",
    "comodo.com",
    "entrust.net",
    "affirmtrust.com",
};

std::string const keywords = "actalis, amazon, buypass, certum, digicert, globalsign, godaddy, "
                             "google, harica, letsencrypt, pebble, sectigo, sslcom, zerossl";

std::string directory_with(std::string const& meta) {
    return R"({"newNonce":"https://ca.example/nonce","newOrder":"https://ca.example/order")" +
           meta + "}";
}

} // namespace

BOOST_AUTO_TEST_CASE(issuers_are_found_by_what_they_are_called) {
    issuer const letsencrypt{"Let's Encrypt", {"letsencrypt.org"}, true};
    issuer const google{"Google Trust Services", {"pki.goog"}, false};
    issuer const sectigo{"Sectigo", sectigo_names, false};
    issuer const zerossl{"ZeroSSL", sectigo_names, false};
    struct {
        std::string text;
        issuer expected;
    } const cases[] = {
        {"letsencrypt", letsencrypt},
        {"LetsEncrypt", letsencrypt},
        {"Let's Encrypt", letsencrypt},
        {"letsencrypt.org", letsencrypt},
        {"LetsEncrypt.org.", letsencrypt},
        {"letsencrypt.com", letsencrypt},
        {"google", google},
        {"gts", google},
        {"pki.goog", google},
        {"sectigo", sectigo},
        {"comodoca.com",
         {"Sectigo",
          {"comodoca.com",
           "sectigo.com",
           "trust-provider.com",
           "usertrust.com",
           "comodo.com",
           "entrust.net",
           "affirmtrust.com"},
          false}},
        {"zerossl", zerossl},
        {"zerossl.com", zerossl},
        {"ssl.com", {"SSL.com", {"ssl.com"}, false}},
        {"actalis", {"Actalis", {"actalis.it"}, false}},
        {"digicert",
         {"DigiCert", {"digicert.com", "geotrust.com", "rapidssl.com", "thawte.com"}, false}},
        {"amazonaws.com",
         {"Amazon", {"amazonaws.com", "amazon.com", "amazontrust.com", "awstrust.com"}, false}},
        {"godaddy", {"GoDaddy", {"godaddy.com", "starfieldtech.com"}, false}},
        {"buypass", {"Buypass", {"buypass.com"}, false}},
        {"globalsign", {"GlobalSign", {"globalsign.com"}, false}},
        {"harica", {"HARICA", {"harica.gr"}, false}},
        {"certum", {"Certum", {"certum.pl"}, false}},
        {"pebble", {"Pebble", {"pebble.letsencrypt.org"}, false}},
        {"CA.example", {"ca.example", {"ca.example"}, false}},
        {"www.letsencrypt.org", {"www.letsencrypt.org", {"www.letsencrypt.org"}, false}},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const found = find_issuer(c.text).value();
            BOOST_TEST(found.name == c.expected.name);
            BOOST_TEST((found == c.expected));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_names_no_ca_is_refused_with_the_keywords) {
    for (std::string const text :
         {"", "letsencrpyt", "*.ca.example", "_ca.example", "ca example"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const found = find_issuer(text);
            BOOST_REQUIRE(!found);
            BOOST_TEST((found.error().kind == error_kind::usage));
            BOOST_TEST(found.error().message == "'" + text + "' is not a known CA");
            BOOST_TEST(
                found.error().hint ==
                "give its name in CAA records, such as letsencrypt.org, or one of " + keywords
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_near_an_identity_was_meant_to_be_it) {
    struct {
        std::string text;
        std::string name; // empty: no CA
    } const cases[] = {
        {"zerossl.com", "ZeroSSL"},
        {"letsencrypt", "Let's Encrypt"},
        {"letsencrypt.com", "Let's Encrypt"},
        {"www.letsencrypt.org", "Let's Encrypt"},
        {"letsencrpyt.org", "Let's Encrypt"},
        {"google.com", "Google Trust Services"},
        {"letsencrypt.org", ""},
        {"LetsEncrypt.org", ""},
        {"pebble.letsencrypt.org", ""},
        {"comodo.com", ""},
        {"comodoca.com", ""},
        {"tls.com", ""},
        {"ca.example", ""},
        {"", ""},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const meant = meant_issuer(c.text);
            BOOST_TEST((meant ? meant->name : "") == c.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_directory_says_its_identities_itself) {
    struct {
        std::string host;
        words identities;
        issuer expected;
    } const cases[] = {
        {"acme-v02.api.letsencrypt.org",
         {"letsencrypt.org"},
         {"Let's Encrypt", {"letsencrypt.org"}, true}},
        {"acme.zerossl.com", {"sectigo.com"}, {"ZeroSSL", {"sectigo.com"}, false}},
        {"acme.zerossl.com", {}, {"ZeroSSL", sectigo_names, false}},
        {"ACME-staging-v02.api.letsencrypt.org", {}, {"Let's Encrypt", {"letsencrypt.org"}, true}},
        {"dv.acme-v02.test-api.pki.goog", {}, {"Google Trust Services", {"pki.goog"}, false}},
        {"proxy.example", {"letsencrypt.org"}, {"Let's Encrypt", {"letsencrypt.org"}, true}},
        {"localhost",
         {"CA.example", "b.example"},
         {"CA.example", {"CA.example", "b.example"}, false}},
        {"localhost", {"", "x\n", "a b.c", "ca.example"}, {"ca.example", {"ca.example"}, false}},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.host << " " << joined(c.identities, " ")) {
            auto const found = issuer_of_directory(c.host, c.identities).value();
            BOOST_TEST(found.name == c.expected.name);
            BOOST_TEST((found == c.expected));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_directory_that_says_nothing_usable_is_refused) {
    for (words const& identities : {words{}, words{"\x1b[2J", ""}}) {
        auto const found = issuer_of_directory("ca.example", identities);
        BOOST_REQUIRE(!found);
        BOOST_TEST((found.error().kind == error_kind::usage));
        BOOST_TEST(
            found.error().message ==
            "the directory at ca.example does not say which CAA records name its CA"
        );
        BOOST_TEST(found.error().hint == "name the CA with --issuer");
    }
}

BOOST_AUTO_TEST_CASE(a_directory_tells_its_identities) {
    auto const two = directory_with(R"(,"meta":{"caaIdentities":["ca.example","old.example"]})");
    BOOST_TEST(
        identities_in(two).value() == (words{"ca.example", "old.example"}),
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(identities_are_optional) {
    for (std::string const meta :
         {"", R"(,"meta":{})", R"(,"meta":{"caaIdentities":[]})", R"(,"meta":7)"}) {
        BOOST_TEST_CONTEXT(meta) {
            BOOST_TEST(identities_in(directory_with(meta)).value().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_directory) {
    std::string many = "\"a\"";
    for (std::size_t i = 0; i < identities_max; ++i)
        many += ",\"a\"";
    for (auto const& text : {
             std::string("<html>"),
             std::string("[]"),
             std::string("{}"),
             directory_with(R"(,"meta":{"caaIdentities":"ca.example"})"),
             directory_with(R"(,"meta":{"caaIdentities":[7]})"),
             directory_with(R"(,"meta":{"caaIdentities":[)" + many + "]}"),
         }) {
        BOOST_TEST_CONTEXT(text) {
            auto const read = identities_in(text);
            BOOST_REQUIRE(!read);
            BOOST_TEST((read.error().kind == error_kind::bad_answer));
            BOOST_TEST(read.error().message == "the answer is not an ACME directory");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
