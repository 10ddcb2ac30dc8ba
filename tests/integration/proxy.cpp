#include "support/localhost.hpp"
#include "support/scripted_proxy.hpp"
#include "support/tinyproxy.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_proxy)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::test::outcome;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

constexpr auto check_proxy =
    "acme-dns01: hint: check HTTPS_PROXY and the proxy itself, or bypass it with NO_PROXY\n";

std::string authority_of(std::string const& url) { return url.substr(url.rfind('/') + 1); }

user behind(local_digitalocean const& s, std::string const& proxy) {
    auto admin = user(s);
    admin.with("HTTPS_PROXY", "http://" + proxy).with("NO_PROXY", "");
    return admin;
}

outcome present(user const& admin, texts const& more = {}) {
    texts line{"present", "example.com", value_a, "--no-wait"};
    line.insert(line.end(), more.begin(), more.end());
    return admin.run(line);
}

std::size_t count(std::string const& text, std::string const& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

std::string listing_failed(local_digitalocean const& s, std::string const& why) {
    return "acme-dns01: error: example.com: listing the zones: " + s.api_url() + why + "\n";
}

} // namespace

BOOST_AUTO_TEST_CASE(a_challenge_is_created_and_removed_through_the_proxy) {
    local_digitalocean const s(quick());
    tinyproxy proxy;
    auto const admin = behind(s, proxy.authority());
    auto const presented = present(admin);
    BOOST_TEST(presented.err == "");
    BOOST_TEST(presented.status == 0);
    BOOST_TEST(txt_values(s, "example.com") == (texts{value_a}), per_element());
    auto const cleaned = admin.run({"cleanup", "example.com", value_a});
    BOOST_TEST(cleaned.err == "");
    BOOST_TEST(cleaned.status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
    auto const log = proxy.stop();
    auto const connect = ": CONNECT " + authority_of(s.api_url()) + " HTTP/1.1\n";
    BOOST_TEST(count(log, connect) == 2U, log);
    BOOST_TEST(s.connections() == 2U);
}

BOOST_AUTO_TEST_CASE(verbose_names_the_proxy) {
    local_digitalocean const s(quick());
    tinyproxy const proxy("user", "open-sesame");
    auto const out = present(behind(s, "user:open-sesame@" + proxy.authority()), {"--verbose"});
    BOOST_TEST(out.status == 0);
    auto const note = "acme-dns01: note: requests go through the proxy " + proxy.authority() + "\n";
    BOOST_TEST(out.err.find(note) != std::string::npos, out.err);
    BOOST_TEST(out.err.find("sesame") == std::string::npos, out.err);
}

BOOST_AUTO_TEST_CASE(the_proxys_credentials_are_sent) {
    local_digitalocean const s(quick());
    tinyproxy const proxy("user", "p.ss");
    auto const out = present(behind(s, "user:p%2Ess@" + proxy.authority()));
    BOOST_TEST(out.err == "");
    BOOST_TEST(out.status == 0);
}

BOOST_AUTO_TEST_CASE(credentials_refused_by_the_proxy_are_status_3) {
    local_digitalocean const s(quick());
    tinyproxy const proxy("user", "password");
    struct {
        std::string given;
        std::string did;
    } const cases[] = {
        {"", "asks for credentials (407)"},
        {"user:sesame@", "does not accept the credentials (401)"},
    };
    auto const at = proxy.authority();
    for (auto const& c : cases) {
        auto const out = present(behind(s, c.given + at));
        BOOST_TEST(out.status == 3);
        BOOST_TEST(
            out.err ==
            listing_failed(s, " cannot be reached: the proxy " + at + " " + c.did) +
                "acme-dns01: hint: put user and password, percent-encoded, into HTTPS_PROXY: "
                "http://<user>:<password>@" +
                at + "\n"
        );
    }
    BOOST_TEST(s.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(no_proxy_bypasses_the_proxy) {
    local_digitalocean const s(quick());
    tinyproxy proxy;
    auto admin = behind(s, proxy.authority());
    admin.with("NO_PROXY", "other.example,127.0.0.0/8");
    auto const out = present(admin, {"--verbose"});
    BOOST_TEST(out.status == 0);
    BOOST_TEST(out.err.find("proxy") == std::string::npos, out.err);
    auto const log = proxy.stop();
    BOOST_TEST(log.find("CONNECT") == std::string::npos, log);
}

BOOST_AUTO_TEST_CASE(a_bad_proxy_is_status_3_only_for_commands_that_use_the_api) {
    local_digitalocean const s(quick());
    auto const admin = behind(s, "user:pass word@p");
    auto const out = present(admin);
    BOOST_TEST(out.status == 3);
    BOOST_TEST(out.err.starts_with(
        "acme-dns01: error: HTTPS_PROXY: this is not a proxy URL: it does not parse\n"
    ));
    BOOST_TEST(admin.run({"status"}).status == 0);
}

BOOST_AUTO_TEST_CASE(an_unreachable_proxy_is_status_8) {
    local_digitalocean const s(quick());
    auto const port = std::to_string(free_port());
    auto const out = present(behind(s, "user:sesame@127.0.0.1:" + port), {"--deadline", "2"});
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        without_count_of_tries(out.err) ==
        listing_failed(
            s,
            " cannot be reached: the proxy 127.0.0.1:" + port +
                " cannot be reached: 127.0.0.1 port " + port + ": Connection refused"
        ) + check_proxy
    );
}

BOOST_AUTO_TEST_CASE(a_proxy_host_that_does_not_resolve_is_status_8) {
    local_digitalocean const s(quick());
    auto const out = present(behind(s, "proxy.invalid:3128"), {"--deadline", "2"});
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        out.err.find(
            s.api_url() + " cannot be reached: the proxy proxy.invalid:3128 cannot be reached: "
                          "looking up proxy.invalid: "
        ) != std::string::npos,
        out.err
    );
}

BOOST_AUTO_TEST_CASE(
    every_address_of_the_proxy_is_tried,
    *boost::unit_test::precondition(localhost_has_two_addresses)
) {
    // localhost is ::1 first, where nobody listens.
    local_digitalocean const s(quick());
    tinyproxy const proxy;
    auto const port = proxy.authority().substr(proxy.authority().rfind(':'));
    BOOST_TEST(present(behind(s, "localhost" + port)).status == 0);
}

BOOST_AUTO_TEST_CASE(
    a_proxy_address_that_swallows_packets_costs_little,
    *boost::unit_test::precondition(localhost_has_two_addresses)
) {
    local_digitalocean const s(quick());
    tinyproxy const proxy;
    auto const port = proxy.authority().substr(proxy.authority().rfind(':'));
    swallowing_port const silent("::1", static_cast<std::uint16_t>(std::stoi(port.substr(1))));
    BOOST_TEST(present(behind(s, "localhost" + port), {"--deadline", "3"}).status == 0);
}

BOOST_AUTO_TEST_CASE(an_api_unreachable_through_the_proxy_is_status_8) {
    local_digitalocean const s(quick());
    tinyproxy const proxy;
    auto admin = behind(s, proxy.authority());
    auto const nobody = "127.0.0.1:" + std::to_string(free_port());
    admin.with("ACME_DNS01_API_URL", "https://" + nobody);
    auto const out = present(admin, {"--deadline", "2"});
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        without_count_of_tries(out.err) ==
        "acme-dns01: error: example.com: listing the zones: https://" + nobody +
            " cannot be reached: the proxy " + proxy.authority() + " did not connect to " + nobody +
            " (500)\n" + check_proxy
    );
}

BOOST_AUTO_TEST_CASE(the_apis_certificate_is_verified_through_the_proxy) {
    local_digitalocean const s(quick());
    tinyproxy const proxy;
    auto admin = behind(s, proxy.authority());
    auto const by_another_name = "https://127.1:" + s.api_url().substr(s.api_url().rfind(':') + 1);
    admin.with("ACME_DNS01_API_URL", by_another_name);
    auto const mismatch = present(admin);
    BOOST_TEST(mismatch.status == 8);
    BOOST_TEST(
        mismatch.err ==
        "acme-dns01: error: example.com: listing the zones: " + by_another_name +
            " through the proxy " + proxy.authority() +
            " cannot be reached: its certificate is not trusted: hostname mismatch\n"
            "acme-dns01: hint: check this host's clock and trust store, or name its CA with "
            "--ca-file\n"
    );
    admin.with("ACME_DNS01_API_URL", s.api_url()).without("SSL_CERT_FILE");
    auto const unknown = present(admin, {"--json"});
    BOOST_TEST(unknown.status == 8);
    BOOST_TEST(boost::json::parse(unknown.out).at("error").at("kind").as_string() == "untrusted");
    BOOST_TEST(s.calls().empty());
}

BOOST_AUTO_TEST_CASE(the_proxy_sees_its_own_credentials_and_tls_and_no_token) {
    local_digitalocean const s(quick());
    scripted_proxy proxy("HTTP/1.1 200 Connection established\r\n\r\n", scripted_proxy::then::hold);
    auto const admin = behind(s, "user:p%40ss@" + proxy.authority());
    BOOST_TEST(present(admin, {"--deadline", "2"}).status == 8);
    auto const at = authority_of(s.api_url());
    auto const header = "CONNECT " + at + " HTTP/1.1\r\nHost: " + at +
                        "\r\nUser-Agent: acme-dns01/" ACME_DNS01_VERSION "\r\n"
                        "Proxy-Authorization: Basic dXNlcjpwQHNz\r\n\r\n";
    auto const seen = proxy.received();
    BOOST_TEST(seen.substr(0, header.size()) == header);
    // A TLS record, of a handshake.
    BOOST_TEST(seen.substr(header.size(), 2) == "\x16\x03");
    BOOST_TEST(seen.find(s.token()) == std::string::npos);
    BOOST_TEST(seen.find("Bearer") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_misbehaves_is_named) {
    using then = scripted_proxy::then;
    std::string const established = "HTTP/1.1 200 Connection established\r\n";
    struct {
        std::string answer;
        then after;
        std::string did;
    } const cases[] = {
        {"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy",
         then::close,
         "did not connect to @ (503)"},
        {"HTTP/1.1 403 Filtered\r\n\r\n", then::hold, "did not connect to @ (403)"},
        {"SSH-2.0-OpenSSH_9.2\r\n\r\n", then::hold, "sent no valid HTTP answer: bad version"},
        {"", then::hold, "did not answer: the time limit was reached"},
        {"HTTP/1.1 200", then::hold, "did not answer: the time limit was reached"},
        {"", then::close, "did not answer: End of file"},
        {"HTTP/1.1 200 OK\r\n", then::close, "did not answer: End of file"},
        {established + "X: " + std::string(33000, 'x') + "\r\n\r\n",
         then::hold,
         "sent no valid HTTP answer: its header has more than 32 KiB"},
        {established + "\r\n\x16\x03\x03", then::hold, "sent data before TLS began"},
        {established + "Content-Length: 5\r\n\r\nearly", then::hold, "sent data before TLS began"},
    };
    local_digitalocean const s(quick());
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.answer.substr(0, 60)) {
            scripted_proxy const proxy(c.answer, c.after);
            auto const admin = behind(s, "user:sesame@" + proxy.authority());
            auto const out = present(admin, {"--deadline", "2"});
            auto did = c.did;
            if (auto const at = did.find('@'); at != std::string::npos)
                did.replace(at, 1, authority_of(s.api_url()));
            BOOST_TEST(out.status == 8);
            BOOST_TEST(
                without_count_of_tries(out.err) ==
                listing_failed(
                    s, " cannot be reached: the proxy " + proxy.authority() + " " + did
                ) + check_proxy
            );
        }
    }
    BOOST_TEST(s.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_drops_the_connection_is_named) {
    local_digitalocean const s(quick());
    scripted_proxy const proxy(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", scripted_proxy::then::close
    );
    auto const out = present(behind(s, proxy.authority()), {"--deadline", "2"});
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        out.err.starts_with(
            "acme-dns01: error: example.com: listing the zones: " + s.api_url() +
            " through the proxy " + proxy.authority() + " cannot be reached: TLS failed: "
        ),
        out.err
    );
}

BOOST_AUTO_TEST_CASE(an_invalid_proxy_is_status_3_and_shows_no_password) {
    local_digitalocean const s(quick());
    auto const out = present(behind(s, "user:open/sesame@proxy.example"));
    BOOST_TEST(out.status == 3);
    BOOST_TEST(
        out.err == "acme-dns01: error: HTTPS_PROXY: this is not a proxy URL: it does not parse\n"
                   "acme-dns01: hint: it looks like http://proxy.example:3128 or "
                   "http://user:password@proxy.example:3128, user and password percent-encoded\n"
    );
    auto admin = user(s);
    admin.with("https_proxy", "socks5://user:sesame@proxy.example").with("NO_PROXY", "");
    auto const socks = present(admin);
    BOOST_TEST(socks.status == 3);
    BOOST_TEST(
        socks.err == "acme-dns01: error: https_proxy: socks5 proxies are not supported\n"
                     "acme-dns01: hint: name one that takes CONNECT over plain HTTP, such as "
                     "http://proxy.example:3128; what runs through it is TLS\n"
    );
}

BOOST_AUTO_TEST_SUITE_END()
