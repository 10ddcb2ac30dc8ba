#include "net/url.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(net_url)

using namespace acme_dns01;
using namespace acme_dns01::net;

BOOST_AUTO_TEST_CASE(a_base_url_is_a_host_a_port_and_a_prefix) {
    struct {
        std::string text;
        std::string host;
        std::string port;
        std::string prefix;
        std::string origin;
    } const cases[] = {
        {"https://api.digitalocean.com",
         "api.digitalocean.com",
         "443",
         "",
         "https://api.digitalocean.com"},
        {"https://api.digitalocean.com/",
         "api.digitalocean.com",
         "443",
         "",
         "https://api.digitalocean.com"},
        {"https://localhost:8443", "localhost", "8443", "", "https://localhost:8443"},
        {"https://localhost:443", "localhost", "443", "", "https://localhost"},
        {"https://localhost:", "localhost", "443", "", "https://localhost"},
        {"https://proxy.example/digitalocean/",
         "proxy.example",
         "443",
         "/digitalocean",
         "https://proxy.example"},
        {"https://proxy.example/a%20b/c",
         "proxy.example",
         "443",
         "/a%20b/c",
         "https://proxy.example"},
        {"https://127.0.0.1:1", "127.0.0.1", "1", "", "https://127.0.0.1:1"},
        {"https://127.0.0.1:65535", "127.0.0.1", "65535", "", "https://127.0.0.1:65535"},
        {"https://[::1]:8443", "::1", "8443", "", "https://[::1]:8443"},
        {"https://[2001:db8::1]/v", "2001:db8::1", "443", "/v", "https://[2001:db8::1]"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const url = parse_base_url(c.text);
            BOOST_REQUIRE(url);
            BOOST_TEST(url->host == c.host);
            BOOST_TEST(url->port == c.port);
            BOOST_TEST(url->prefix == c.prefix);
            BOOST_TEST(url->origin() == c.origin);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_authority_has_its_port_always) {
    BOOST_TEST(parse_base_url("https://api.example/v").value().authority() == "api.example:443");
    BOOST_TEST(parse_base_url("https://[::1]:8443").value().authority() == "[::1]:8443");
}

BOOST_AUTO_TEST_CASE(the_scheme_may_be_in_capitals) {
    auto const url = parse_base_url("HTTPS://api.digitalocean.com");
    BOOST_REQUIRE(url);
    BOOST_TEST(url->origin() == "https://api.digitalocean.com");
}

BOOST_AUTO_TEST_CASE(says_why_a_text_is_no_base_url) {
    struct {
        std::string text;
        std::string why;
    } const cases[] = {
        {"", "it does not parse"},
        {"api.digitalocean.com", "it does not parse"},
        {"//api.digitalocean.com", "it does not parse"},
        {"https://a b", "it does not parse"},
        {"https://[::1", "it does not parse"},
        {" https://host", "it does not parse"},
        {"localhost:8443", "it is not https"},
        {"http://api.digitalocean.com", "it is not https"},
        {"http://127.0.0.1", "it is not https"},
        {"ftp://host", "it is not https"},
        {"https+unix://host", "it is not https"},
        {"https://host?", "it has a query or a fragment"},
        {"https://host/?a=b", "it has a query or a fragment"},
        {"https://host/#top", "it has a query or a fragment"},
        {"https://", "the host is missing"},
        {"https:///path", "the host is missing"},
        {"https://:8443", "the host is missing"},
        {"https:host", "the host is missing"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const url = parse_base_url(c.text);
            BOOST_REQUIRE(!url);
            BOOST_TEST((url.error().kind == error_kind::usage));
            BOOST_TEST(url.error().message == "'" + c.text + "' is not an API URL: " + c.why);
            BOOST_TEST(url.error().hint == "it looks like https://api.digitalocean.com");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_port_that_cannot_be_is_refused) {
    for (auto const* text :
         {"https://host:0",
          "https://host:65536",
          "https://host:99999999999",
          "https://host:port",
          "https://host:84a3"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const url = parse_base_url(text);
            BOOST_REQUIRE(!url);
            BOOST_TEST((url.error().kind == error_kind::usage));
        }
    }
}

// The host stands in a header of every request.
BOOST_AUTO_TEST_CASE(a_host_that_is_no_name_or_address_is_refused) {
    for (auto const* text :
         {"https://host%0d%0aX-Injected:%20yes",
          "https://ho%00st",
          "https://ho%20st",
          "https://api.example%2f.test",
          "https://api.example%40.test"}) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(!parse_base_url(text)); }
    }
}

BOOST_AUTO_TEST_CASE(a_refused_url_is_shown_printable_and_short) {
    auto const url = parse_base_url("http://\x1b[2J" + std::string(200, 'x'));
    BOOST_REQUIRE(!url);
    BOOST_TEST(
        url.error().message ==
        "'http://?[2J" + std::string(109, 'x') + "...' is not an API URL: it does not parse"
    );
}

BOOST_AUTO_TEST_CASE(what_is_not_unreserved_is_percent_encoded) {
    struct {
        std::string_view text;
        std::string expected;
    } const cases[] = {
        {"", ""},
        {"AZaz09-._~", "AZaz09-._~"},
        {"_acme-challenge.example.com", "_acme-challenge.example.com"},
        {"*.example.com", "%2A.example.com"},
        {"a/b?c=d&e#f", "a%2Fb%3Fc%3Dd%26e%23f"},
        {" %+", "%20%25%2B"},
        {"\r\n", "%0D%0A"},
        {"b\xc3\xbc", "b%C3%BC"},
        {std::string_view("\0", 1), "%00"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected) { BOOST_TEST(percent_encoded(c.text) == c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(credentials_are_not_repeated) {
    for (auto const* text : {"https://user:sesame@api.example", "http://sesame@x:y:z"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const url = parse_base_url(text);
            BOOST_REQUIRE(!url);
            BOOST_TEST(url.error().text().find("sesame") == std::string::npos);
            BOOST_TEST(url.error().message.starts_with("what was given is not an API URL: "));
        }
    }
    BOOST_TEST(
        parse_base_url("https://@host").error().message ==
        "what was given is not an API URL: it may not contain credentials"
    );
}

BOOST_AUTO_TEST_SUITE_END()
