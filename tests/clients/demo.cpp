#include "support/command.hpp"
#include "support/tested.hpp"

#include <boost/test/unit_test.hpp>

#include <regex>

BOOST_AUTO_TEST_SUITE(clients_demo)

using namespace acme_dns01;

// On ports of its own, which no other test takes.
BOOST_AUTO_TEST_CASE(the_demo_ends_with_a_certificate_and_nothing_left) {
    auto const demo = std::string(tested::hooks()) + "/demo";
    auto const o = test::run({.arguments =
                                  {tested::sandbox(),
                                   "--delay",
                                   "0.0,0.02,0.04",
                                   "--",
                                   demo,
                                   "--session",
                                   "--plain"},
                              .capture = true})
                       .value();
    BOOST_TEST(o.status == 0);
    BOOST_TEST(o.err == "");
    std::regex const changing(
        "acme-dns01: note: .*\n|[0-9]{8}|[A-Za-z0-9_-]{43}$|(notBefore|notAfter)=.*",
        std::regex::multiline
    );
    BOOST_TEST(
        std::regex_replace(o.out, changing, "") ==
        "\n--- certbot asks Pebble for a certificate for example.com and *.example.com\n"
        "\n--- every name server serves both records: now Pebble looks at them\n"
        "$ acme-dns01 record list example.com --type TXT\n"
        "NAME             TYPE  TTL        ID  DATA\n"
        "_acme-challenge  TXT    30    \n"
        "_acme-challenge  TXT    30    \n"
        "\n--- the certificate\n"
        "$ openssl x509 -in certbot/live/example.com/cert.pem -noout -ext subjectAltName -dates\n"
        "X509v3 Subject Alternative Name: \n"
        "    DNS:example.com, DNS:*.example.com\n"
        "\n"
        "\n"
        "\n--- nothing is left\n"
        "$ acme-dns01 record list example.com --type TXT\n"
        "no records\n"
        "$ acme-dns01 status\n"
        "nothing outstanding\n"
    );
}

BOOST_AUTO_TEST_SUITE_END()
