#include "clients/certbot_renewal.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::clients;

namespace {

// As certbot 2.1 writes it.
std::string file_with(std::string const& parameters) {
    return "# renew_before_expiry = 30 days\n"
           "version = 2.1.0\n"
           "archive_dir = /etc/letsencrypt/archive/example.com\n"
           "cert = /etc/letsencrypt/live/example.com/cert.pem\n"
           "privkey = /etc/letsencrypt/live/example.com/privkey.pem\n"
           "chain = /etc/letsencrypt/live/example.com/chain.pem\n"
           "fullchain = /etc/letsencrypt/live/example.com/fullchain.pem\n"
           "\n"
           "# Options used in the renewal process\n"
           "[renewalparams]\n"
           "account = 0123456789abcdef0123456789abcdef\n" +
           parameters +
           "server = https://acme-v02.api.letsencrypt.org/directory\nkey_type = ecdsa\n";
}

constexpr auto hooks = "manual_auth_hook = acme-dns01 hook certbot-auth\n"
                       "manual_cleanup_hook = acme-dns01 hook certbot-cleanup\n";

} // namespace

BOOST_AUTO_TEST_SUITE(clients_certbot_renewal)

BOOST_AUTO_TEST_CASE(lineages_by_manual_dns_hooks_are_ours) {
    struct {
        std::string parameters;
        bool is_ours;
    } const cases[] = {
        {"pref_challs = dns-01,\nauthenticator = manual\n", true},
        {"authenticator = manual\n", true},
        {"pref_challs = http-01, dns-01\nauthenticator = manual\n", true},
        {"pref_challs = \"dns-01\",\nauthenticator = 'manual'\n", true},
        {"pref_challs = http-01,\nauthenticator = manual\n", false},
        {"authenticator = webroot\nwebroot_path = /srv,\n", false},
        {"authenticator = dns-digitalocean\n", false},
        {"#authenticator = manual\n", false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.parameters) {
            auto const found = certbot_renewal_in(file_with(c.parameters + hooks)).value();
            BOOST_TEST(found.certificate == "/etc/letsencrypt/live/example.com/cert.pem");
            BOOST_TEST(found.is_by_dns_hooks == c.is_ours);
        }
    }
}

BOOST_AUTO_TEST_CASE(without_hooks_somebody_has_to_do_it_by_hand) {
    auto const file = file_with("pref_challs = dns-01,\nauthenticator = manual\n");
    BOOST_TEST(!certbot_renewal_in(file)->is_by_dns_hooks);
}

BOOST_AUTO_TEST_CASE(a_file_without_a_certificate_is_an_error) {
    for (std::string const file : {"", "cert =\n", "cert\n", "\0\xff=\n=\n[[[\n", "certs = a\n"}) {
        BOOST_TEST_CONTEXT(file) {
            auto const found = certbot_renewal_in(file);
            BOOST_REQUIRE(!found);
            BOOST_TEST((found.error().kind == error_kind::configuration));
            BOOST_TEST(
                found.error().message == "it names no certificate: there is no line `cert = <file>`"
            );
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
