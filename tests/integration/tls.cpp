#include "sandbox/temporary_folder.hpp"
#include "support/scripted_https_server.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/tls1.h>

BOOST_AUTO_TEST_SUITE(integration_tls)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::temporary_folder;

namespace {

constexpr long hour = 3600;

void send_nothing(scripted_https_server::writer const& /*write*/) {}

acme_dns01::test::outcome
present_at(std::string const& api, std::string const& trusted, local_digitalocean const& s) {
    user admin(s);
    admin.with("ACME_DNS01_API_URL", api).with("SSL_CERT_FILE", trusted);
    admin.with("SSL_CERT_DIR", "/nowhere");
    return admin.run({"present", "example.com", value_a, "--no-wait", "--deadline", "2"});
}

std::string cannot_be_reached(std::string const& api, std::string const& why) {
    return "acme-dns01: error: example.com: listing the zones: " + api +
           " cannot be reached: " + why + "\n";
}

} // namespace

BOOST_AUTO_TEST_CASE(a_certificate_outside_its_time_is_not_trusted) {
    struct {
        long from;
        long until;
        std::string why;
    } const cases[] = {
        {-2 * hour, -hour, "certificate has expired"},
        {hour, 2 * hour, "certificate is not yet valid"},
    };
    local_digitalocean const s(quick());
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.why) {
            temporary_folder const folder("acme-dns01-test");
            auto const identity = self_signed(folder.path(), c.from, c.until);
            scripted_https_server const api(identity, send_nothing);
            auto const out = present_at(api.url(), identity.certificate, s);
            BOOST_TEST(out.status == 8);
            BOOST_TEST(
                out.err ==
                cannot_be_reached(api.url(), "its certificate is not trusted: " + c.why) +
                    "acme-dns01: hint: check this host's clock and trust store, or name its CA "
                    "with --ca-file\n"
            );
            BOOST_TEST(api.received() == "");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_self_signed_certificate_is_not_trusted) {
    local_digitalocean const s(quick());
    temporary_folder const folder("acme-dns01-test");
    scripted_https_server const api(self_signed(folder.path(), -hour, hour), send_nothing);
    auto const out = present_at(api.url(), s.ca_file(), s);
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        out.err ==
        cannot_be_reached(api.url(), "its certificate is not trusted: self-signed certificate") +
            "acme-dns01: hint: check this host's clock and trust store, or name its CA "
            "with --ca-file\n"
    );
    BOOST_TEST(api.received() == "");
}

BOOST_AUTO_TEST_CASE(tls_1_1_is_not_spoken) {
    local_digitalocean const s(quick());
    temporary_folder const folder("acme-dns01-test");
    auto const identity = self_signed(folder.path(), -hour, hour);
    scripted_https_server const api(identity, send_nothing, TLS1_1_VERSION);
    auto const out = present_at(api.url(), identity.certificate, s);
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        without_count_of_tries(out.err) ==
        cannot_be_reached(api.url(), "TLS failed: tlsv1 alert protocol version (SSL routines)") +
            "acme-dns01: hint: check this host's network and name resolution, and --api-url\n"
    );
    BOOST_TEST(api.received() == "");
}

BOOST_AUTO_TEST_CASE(a_redirection_is_not_followed) {
    local_digitalocean const s(quick());
    temporary_folder const folder("acme-dns01-test");
    auto const identity = self_signed(folder.path(), -hour, hour);
    scripted_https_server const elsewhere(identity, send_nothing);
    scripted_https_server const api(identity, [&](auto const& write) {
        write(
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: " + elsewhere.url() +
            "/v2/domains\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    });
    auto const out = present_at(api.url(), identity.certificate, s);
    BOOST_TEST(out.status == 9);
    BOOST_TEST(api.received().find(s.token()) != std::string::npos);
    BOOST_TEST(elsewhere.received() == "");
}

BOOST_AUTO_TEST_SUITE_END()
