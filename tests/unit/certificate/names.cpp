#include "certificate/names.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::certificate;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

// For example.com, *.example.com, an IP address and a mailbox.
std::string const with_names = "-----BEGIN CERTIFICATE-----\n"
                               "MIIBwTCCAWegAwIBAgIUYo1qvgHr2903WPhZzQa1kpOmH6MwCgYIKoZIzj0EAwIw\n"
                               "FjEUMBIGA1UEAwwLZXhhbXBsZS5jb20wIBcNMjYxMTI2MDY0NjQ1WhgPMjEyNjEx\n"
                               "MDIwNjQ2NDVaMBYxFDASBgNVBAMMC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYI\n"
                               "KoZIzj0DAQcDQgAEI+yv6JGXAzic/tWg5MOXyfqRd6sCn25CJi3IN3AbYDEqG7T7\n"
                               "e0C0COVNQfgjVAKzo/HXLELJwI72bipHEalzwqOBkDCBjTAdBgNVHQ4EFgQUqOp4\n"
                               "cJRZN6tcOabxfuyPBdhdFokwHwYDVR0jBBgwFoAUqOp4cJRZN6tcOabxfuyPBdhd\n"
                               "FokwDwYDVR0TAQH/BAUwAwEB/zA6BgNVHREEMzAxggtleGFtcGxlLmNvbYcEwAAC\n"
                               "AYINKi5leGFtcGxlLmNvbYENYUBleGFtcGxlLmNvbTAKBggqhkjOPQQDAgNIADBF\n"
                               "AiEArMktu9iSQPejMvUgLe7arU94SUq2LE3HEwGCmYSRDP0CIBuQDGBQ1TrPHpfS\n"
                               "Q0XUdRHWclJYcljZondOcTFeUtQL\n"
                               "-----END CERTIFICATE-----\n";

// Only its subject says what it is for, which no longer counts (RFC 6125 6.4.4).
std::string const without_names =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBgjCCASmgAwIBAgIUDSaJCz0fkzZ2PtwqD+VtLaU1OoAwCgYIKoZIzj0EAwIw\n"
    "FjEUMBIGA1UEAwwLZXhhbXBsZS5jb20wIBcNMjYxMTI2MDY0NjQ1WhgPMjEyNjEx\n"
    "MDIwNjQ2NDVaMBYxFDASBgNVBAMMC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYI\n"
    "KoZIzj0DAQcDQgAEwldaW5Yr07v54WDbtufr6gokKSejCkBB5FBVW+nb63Wvb+qs\n"
    "rfYn58lIVDBRSMPVCd/JVPSoHy3kHRxcbpu3AqNTMFEwHQYDVR0OBBYEFKgpWziU\n"
    "WGsxZPLyV6Uxxh97IrtnMB8GA1UdIwQYMBaAFKgpWziUWGsxZPLyV6Uxxh97Irtn\n"
    "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgQLXg0icfKjOM3hfJ\n"
    "jMkpwPCFsGY7JGBkQsrmMSfTZskCIBg/NFoNPjM/GBrMcSP+YT9jZhFEuWMf+22N\n"
    "7+YqeSRf\n"
    "-----END CERTIFICATE-----\n";

} // namespace

BOOST_AUTO_TEST_SUITE(certificate_names)

BOOST_AUTO_TEST_CASE(the_domains_are_from_the_first_certificate) {
    texts const expected{"example.com", "*.example.com"};
    BOOST_TEST(dns_names_in(with_names).value() == expected, per_element());
    BOOST_TEST(dns_names_in(with_names + without_names).value() == expected, per_element());
    BOOST_TEST(dns_names_in("a word before\n" + with_names).value() == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_certificate_without_domains_has_no_names) {
    BOOST_TEST(dns_names_in(without_names).value().empty());
}

BOOST_AUTO_TEST_CASE(a_text_without_a_certificate_is_an_error) {
    texts const none{"", "text", with_names.substr(0, 300), std::string(1000, '\0')};
    for (auto const& pem : none) {
        BOOST_TEST_CONTEXT(pem) {
            auto const found = dns_names_in(pem);
            BOOST_REQUIRE(!found);
            BOOST_TEST((found.error().kind == error_kind::configuration));
            BOOST_TEST(found.error().message == "it contains no certificate");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
