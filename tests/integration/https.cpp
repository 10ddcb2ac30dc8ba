#include "support/localhost.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>

BOOST_AUTO_TEST_SUITE(integration_https)

using namespace acme_dns01::test;
using acme_dns01::sandbox::fault;
using acme_dns01::sandbox::fault_action;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

std::string port_of(std::string const& url) { return url.substr(url.rfind(':')); }

acme_dns01::test::outcome present(user const& admin, texts const& more = {}) {
    texts line{"present", "example.com", value_a, "--no-wait"};
    line.insert(line.end(), more.begin(), more.end());
    return admin.run(line);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_unknown_authority_is_not_trusted) {
    local_digitalocean const s(quick());
    auto admin = user(s);
    admin.without("SSL_CERT_FILE");
    auto const out = present(admin);
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: example.com: listing the zones: " + s.api_url() +
            " cannot be reached: its certificate is not trusted: self-signed certificate in "
            "certificate chain\n"
            "acme-dns01: hint: check this host's clock and trust store, or name its CA "
            "with --ca-file\n"
    );
    BOOST_TEST(s.calls().empty());
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_name_is_not_trusted) {
    // The same address by a name that the certificate does not have.
    local_digitalocean const s(quick());
    auto admin = user(s);
    auto const url = "https://127.1" + port_of(s.api_url());
    admin.with("ACME_DNS01_API_URL", url);
    auto const out = present(admin);
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        out.err == "acme-dns01: error: example.com: listing the zones: " + url +
                       " cannot be reached: its certificate is not trusted: hostname mismatch\n"
                       "acme-dns01: hint: check this host's clock and trust store, or name its CA "
                       "with --ca-file\n"
    );
    BOOST_TEST(s.calls().empty());
}

BOOST_AUTO_TEST_CASE(the_ca_file_may_be_given_on_the_command_line) {
    local_digitalocean const s(quick());
    auto admin = user(s);
    admin.without("SSL_CERT_FILE");
    BOOST_TEST(present(admin, {"--ca-file", s.ca_file()}).status == 0);
    auto const missing = present(admin, {"--ca-file", "/nowhere/ca.pem"});
    BOOST_TEST(missing.status == 3);
    BOOST_TEST(
        missing.err.find("no trusted certificates in /nowhere/ca.pem: ") != std::string::npos
    );
}

BOOST_AUTO_TEST_CASE(a_ca_file_that_others_may_write_to_is_refused) {
    local_digitalocean const s(quick());
    std::filesystem::permissions(s.ca_file(), static_cast<std::filesystem::perms>(0666));
    auto const out = present(user(s));
    BOOST_TEST(out.status == 3);
    BOOST_TEST(
        out.err == "acme-dns01: error: example.com: listing the zones: the CA file " + s.ca_file() +
                       " is not safe: other users may write to " + s.ca_file() +
                       "\nacme-dns01: hint: chmod go-w " + s.ca_file() + "\n"
    );
}

BOOST_AUTO_TEST_CASE(
    every_address_of_the_host_is_tried, *boost::unit_test::precondition(localhost_has_two_addresses)
) {
    // localhost is ::1 first, where nobody listens.
    local_digitalocean const s(quick());
    auto admin = user(s);
    admin.with("ACME_DNS01_API_URL", "https://localhost" + port_of(s.api_url()));
    BOOST_TEST(present(admin).status == 0);
}

// Within less than the five seconds that a connection may take.
BOOST_AUTO_TEST_CASE(
    an_ipv6_address_that_swallows_packets_costs_little,
    *boost::unit_test::precondition(localhost_has_two_addresses)
) {
    local_digitalocean const s(quick());
    auto const port = port_of(s.api_url());
    swallowing_port const silent("::1", static_cast<std::uint16_t>(std::stoi(port.substr(1))));
    auto admin = user(s);
    admin.with("ACME_DNS01_API_URL", "https://localhost" + port);
    auto const out = present(admin, {"--deadline", "3"});
    BOOST_TEST(out.err == "");
    BOOST_TEST(out.status == 0);
    BOOST_TEST(s.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(requests_side_by_side_have_a_connection_each) {
    local_digitalocean const s(quick());
    user const admin(s);
    auto const out = admin.run(
        {"present",
         "example.com",
         value_a,
         "*.example.com",
         value_b,
         "www.example.com",
         value_c,
         "--no-wait"}
    );
    BOOST_TEST(out.status == 0);
    // The first one, for the zone, is kept for one of the three others.
    BOOST_TEST(s.calls().size() == 4U);
    BOOST_TEST(s.connections() == 3U);
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_closed_is_opened_again) {
    local_digitalocean s(quick());
    s.inject(failing(fault_action::close_after, "", fault::always));
    user const admin(s);
    auto const out = admin.run(
        {"present",
         "example.com",
         value_a,
         "*.example.com",
         value_b,
         "www.example.com",
         value_c,
         "--no-wait"}
    );
    BOOST_TEST(out.err == "");
    BOOST_TEST(out.status == 0);
    auto values = txt_values(s, "example.com"); // in the order in which the requests arrived
    std::ranges::sort(values);
    BOOST_TEST(values == (texts{value_c, value_a, value_b}), per_element());
    BOOST_TEST(s.connections() == 4U);
}

BOOST_AUTO_TEST_CASE(answers_that_are_never_json_are_status_9) {
    local_digitalocean s(quick());
    s.inject(failing(fault_action::garbage, "GET", acme_dns01::sandbox::fault::always));
    user const admin(s);
    auto const out = present(admin, {"--deadline", "1"});
    BOOST_TEST(out.status == 9);
    BOOST_TEST(
        out.err.find("unexpected answer from DigitalOcean: it is not JSON") != std::string::npos
    );
}

BOOST_AUTO_TEST_CASE(the_deadline_bounds_a_silent_server) {
    local_digitalocean s(quick());
    auto slow = failing(fault_action::delay, "GET");
    slow.delay = acme_dns01::seconds(30);
    s.inject(slow);
    user const admin(s);
    auto const out = present(admin, {"--deadline", "0.5"});
    BOOST_TEST(out.status == 8);
    // It still has not answered.
    BOOST_TEST(s.calls().empty());
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: example.com: listing the zones: " + s.api_url() +
            " did not answer: the time limit was reached\nacme-dns01: hint: try again later\n"
    );
}

BOOST_AUTO_TEST_CASE(an_api_host_that_does_not_resolve_is_status_8) {
    local_digitalocean const s(quick());
    auto admin = user(s);
    admin.with("ACME_DNS01_API_URL", "https://api.invalid");
    auto const out = present(admin, {"--deadline", "2"});
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        out.err.find("https://api.invalid cannot be reached: looking up api.invalid: ") !=
        std::string::npos
    );
}

BOOST_AUTO_TEST_SUITE_END()
