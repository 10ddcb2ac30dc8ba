#include "certificate/x509.hpp"

#include "base/time.hpp"
#include "support/test_ca.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(certificate_x509)

using namespace acme_dns01;
using namespace acme_dns01::certificate;
using namespace acme_dns01::test;
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

leaf leaf_in(std::string const& pem) {
    return read_leaf(certificates_in(pem).value().front()).value();
}

moment time_of(int year, unsigned month, unsigned day) {
    namespace c = std::chrono;
    return c::sys_days{c::year{year} / c::month{month} / c::day{day}};
}

} // namespace

BOOST_AUTO_TEST_CASE(the_domains_are_from_the_first_certificate) {
    texts const expected{"example.com", "*.example.com"};
    BOOST_TEST(leaf_in(with_names).domains == expected, per_element());
    BOOST_TEST(leaf_in(with_names + without_names).domains == expected, per_element());
    BOOST_TEST(leaf_in("a word before\n" + with_names).domains == expected, per_element());
    BOOST_TEST(leaf_in(with_names).addresses == texts{"192.0.2.1"}, per_element());
}

BOOST_AUTO_TEST_CASE(a_certificate_without_domains_has_no_names) {
    auto const read = leaf_in(without_names);
    BOOST_TEST(read.domains.empty());
    BOOST_TEST(read.common_name == "example.com");
    BOOST_TEST(!read.is_issuer);
}

BOOST_AUTO_TEST_CASE(a_text_without_a_certificate_is_an_error) {
    auto const damaged = std::string("-----BEGIN CERTIFICATE-----\nMIIB\n"
                                     "-----END CERTIFICATE-----\n");
    struct {
        std::string pem;
        std::string told;
    } const cases[] = {
        {"", "it contains no certificate"},
        {"text", "it contains no certificate"},
        {std::string(1000, '\0'), "it contains no certificate"},
        {with_names.substr(0, 300), "its certificate is damaged"},
        {damaged, "its certificate is damaged"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.pem) {
            auto const found = certificates_in(c.pem);
            BOOST_REQUIRE(!found);
            BOOST_TEST((found.error().kind == error_kind::configuration));
            BOOST_TEST(found.error().message == c.told);
        }
    }
}

BOOST_AUTO_TEST_CASE(dates_of_every_form_are_read) {
    test_ca const ca;
    struct {
        moment not_before;
        moment not_after;
        std::string told;
    } const cases[] = {
        {time_of(1999, 12, 31), noon, "2026-11-28T12:00:00Z"},
        {noon, time_of(2049, 12, 31), "2049-12-31T00:00:00Z"},
        {noon, time_of(2050, 1, 1), "2050-01-01T00:00:00Z"},
        {noon, time_of(10000, 1, 1) - std::chrono::seconds(1), "9999-12-31T23:59:59Z"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.told) {
            auto const read =
                leaf_in(ca.issue({"example.com"}, c.not_before, c.not_after).certificate);
            BOOST_TEST((read.not_before == c.not_before));
            BOOST_TEST((read.not_after == c.not_after));
            BOOST_TEST(rfc3339(read.not_after) == c.told);
        }
    }
}

BOOST_AUTO_TEST_CASE(issuer_serial_and_key_are_read) {
    test_ca const ca("A CA");
    struct {
        std::string key;
        std::string serial;
        std::string told;
        std::string told_serial;
        std::string told_id;
    } const cases[] = {
        {"P-256", "0087654321", "EC P-256", "87654321", ".AIdlQyE"},
        {"P-384", "a", "EC P-384", "0a", ".Cg"},
        {"RSA", "00", "RSA 2048", "00", ".AA"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.key) {
            auto const pem =
                ca.issue({"example.com"}, noon, noon + std::chrono::days(90), c.key, c.serial);
            auto const read = leaf_in(pem.certificate);
            BOOST_TEST(read.issuer == "A CA");
            BOOST_TEST(read.serial == c.told_serial);
            BOOST_TEST(read.renewal_id.ends_with(c.told_id)); // RFC 9773 4.1
            BOOST_TEST(read.key == c.told);
            auto const all = certificates_in(pem.certificate + ca.pem()).value();
            BOOST_TEST(is_issued_by(all[0], all[1]));
            BOOST_TEST(!is_issued_by(all[1], all[0]));
            BOOST_TEST(!is_issued_by(all[0], certificates_in(test_ca("A CA").pem()).value()[0]));
            BOOST_TEST(has_key(all[0], pem.key).value());
            BOOST_TEST(!has_key(all[1], pem.key).value());
            BOOST_TEST(read_leaf(all[1]).value().is_issuer);
        }
    }
}

// dehydrated 0.7 puts the curve before the key.
BOOST_AUTO_TEST_CASE(keys_of_every_client_are_read) {
    test_ca const ca;
    auto const pem = ca.issue({"example.com"}, noon, noon + std::chrono::days(90));
    auto const one = certificates_in(pem.certificate).value().front();
    std::string const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
                                   "-----END EC PARAMETERS-----\n";
    BOOST_TEST(has_key(one, parameters + pem.key).value());
    BOOST_TEST(has_key(one, pem.certificate + pem.key).value());
    BOOST_TEST(has_key(one, "").error().message == "it contains no private key");
    BOOST_TEST(has_key(one, pem.certificate).error().message == "it contains no private key");
    std::string const locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n"
                               "-----END ENCRYPTED PRIVATE KEY-----\n";
    BOOST_TEST(has_key(one, locked).error().message == "its key is encrypted");
}

BOOST_AUTO_TEST_SUITE_END()
