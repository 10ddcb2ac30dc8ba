#include "net/proxy.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

BOOST_AUTO_TEST_SUITE(net_proxy)

using namespace acme_dns01;
using namespace acme_dns01::net;

namespace {

using variables = std::map<std::string, std::string>;

constexpr auto how_it_looks =
    "it looks like http://proxy.example:3128 or http://user:password@proxy.example:3128, user and "
    "password percent-encoded";

base_url url(std::string const& text) { return parse_base_url(text).value(); }

// "the proxy host:port", or empty for none.
std::string chosen(std::string const& api, variables const& env) {
    auto const found = proxy_for(url(api), environment(env)).value();
    return found ? found->label() : "";
}

bool is_excepted(std::string const& api, std::string const& list) {
    return chosen(api, {{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", list}}).empty();
}

proxy with_credentials(std::string const& credentials) {
    proxy p;
    p.host = "proxy.example";
    p.port = "3128";
    p.credentials = secret(credentials);
    return p;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_proxy_is_a_host_a_port_and_perhaps_credentials) {
    struct {
        std::string text;
        std::string label;
        std::string credentials;
    } const cases[] = {
        {"http://proxy.example:3128", "proxy.example:3128", ""},
        {"http://proxy.example:3128/", "proxy.example:3128", ""},
        {"HTTP://proxy.example:3128", "proxy.example:3128", ""},
        {"proxy.example:3128", "proxy.example:3128", ""},
        {"proxy.example:3128/", "proxy.example:3128", ""},
        {"http://proxy.example", "proxy.example:80", ""},
        {"http://proxy.example:", "proxy.example:80", ""},
        {"proxy.example", "proxy.example:80", ""},
        {"192.0.2.1:8080", "192.0.2.1:8080", ""},
        {"http://[2001:db8::1]:3128", "[2001:db8::1]:3128", ""},
        {"[2001:db8::1]", "[2001:db8::1]:80", ""},
        {"http://user:password@proxy.example:3128", "proxy.example:3128", "user:password"},
        {"user:password@proxy.example:3128", "proxy.example:3128", "user:password"},
        {"http://user@proxy.example", "proxy.example:80", "user:"},
        {"http://:password@proxy.example", "proxy.example:80", ":password"},
        {"http://@proxy.example", "proxy.example:80", ""},
        {"http://:@proxy.example", "proxy.example:80", ""},
        {"http://d%5Cuser:p%40ss%3A%2F%25@proxy.example", "proxy.example:80", "d\\user:p@ss:/%"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const parsed = parse_proxy(c.text);
            BOOST_REQUIRE(parsed);
            BOOST_TEST(parsed->label() == "the proxy " + c.label);
            BOOST_TEST(parsed->credentials.reveal() == c.credentials);
        }
    }
}

BOOST_AUTO_TEST_CASE(says_why_a_text_is_no_proxy_without_showing_it) {
    struct {
        std::string text;
        std::string why;
    } const cases[] = {
        {"http://user:p@ssword@proxy.example", "it does not parse"},
        {"http://user:pa%zzword@proxy.example", "it does not parse"},
        {"http://user:pa ssword@proxy.example", "it does not parse"},
        {"http://user:pa/ssword@proxy.example", "it does not parse"},
        {"http://proxy.example:port", "it does not parse"},
        {"http://[::1", "it does not parse"},
        {"http://user:12/ssword@proxy.example", "nothing may follow the host and port"},
        {"http://proxy.example/path", "nothing may follow the host and port"},
        {"http://proxy.example/?query", "nothing may follow the host and port"},
        {"http://proxy.example#part", "nothing may follow the host and port"},
        {"http://proxy.example:12x4", "it does not parse"},
        {"http://proxy.example:0", "the port is not valid"},
        {"http://proxy.example:65536", "the port is not valid"},
        {"http://", "the host is missing"},
        {"http://user:password@", "the host is missing"},
        {":3128", "the host is missing"},
        {"http://proxy%0d%0aX-Injected:%20yes", "it does not parse"},
        {"http://proxy%0d%0a", "the host name is not valid"},
        {"http://a%20proxy", "the host name is not valid"},
        {"ftp://proxy.example", "it is not http"},
        {"user:pass://word@proxy.example", "it is not http"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const parsed = parse_proxy(c.text);
            BOOST_REQUIRE(!parsed);
            BOOST_TEST(to_string(parsed.error().kind) == "configuration");
            BOOST_TEST(parsed.error().message == "this is not a proxy URL: " + c.why);
            BOOST_TEST(parsed.error().hint == how_it_looks);
        }
    }
}

BOOST_AUTO_TEST_CASE(proxies_of_other_kinds_are_refused_by_name) {
    for (std::string const scheme : {"https", "socks", "socks4", "socks4a", "socks5", "socks5h"}) {
        BOOST_TEST_CONTEXT(scheme) {
            auto const parsed = parse_proxy(scheme + "://user:password@proxy.example:1080");
            BOOST_REQUIRE(!parsed);
            BOOST_TEST(to_string(parsed.error().kind) == "configuration");
            BOOST_TEST(parsed.error().message == scheme + " proxies are not supported");
            BOOST_TEST(
                parsed.error().hint ==
                "name one that takes CONNECT over plain HTTP, such as http://proxy.example:3128; "
                "what runs through it is TLS"
            );
        }
    }
    BOOST_TEST(parse_proxy("SOCKS5://p").error().message == "socks5 proxies are not supported");
}

BOOST_AUTO_TEST_CASE(the_environment_names_the_proxy) {
    struct {
        variables env;
        std::string expected;
    } const cases[] = {
        {{}, ""},
        {{{"HTTPS_PROXY", "http://upper:1"}}, "the proxy upper:1"},
        {{{"https_proxy", "http://lower:1"}}, "the proxy lower:1"},
        {{{"HTTPS_PROXY", "http://upper:1"}, {"https_proxy", "http://lower:1"}},
         "the proxy upper:1"},
        {{{"HTTPS_PROXY", ""}, {"https_proxy", "http://lower:1"}}, "the proxy lower:1"},
        {{{"HTTPS_PROXY", ""}}, ""},
        {{{"HTTP_PROXY", "http://plain:1"}, {"http_proxy", "http://plain:1"}}, ""},
        {{{"ALL_PROXY", "http://all:1"}, {"all_proxy", "http://all:1"}}, ""},
        {{{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", ""}}, "the proxy p:1"},
        {{{"HTTPS_PROXY", "http://p:1"}, {"no_proxy", "api.example"}}, ""},
        {{{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", ""}, {"no_proxy", "api.example"}}, ""},
        {{{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", "other"}, {"no_proxy", "api.example"}},
         "the proxy p:1"},
        {{{"https_proxy", "http://p:1"}, {"NO_PROXY", "*"}}, ""},
    };
    for (auto const& c : cases)
        BOOST_TEST(chosen("https://api.example", c.env) == c.expected);
}

BOOST_AUTO_TEST_CASE(a_bad_proxy_names_its_variable) {
    for (auto const* variable : {"HTTPS_PROXY", "https_proxy"}) {
        variables const env{{variable, "http://u:p w@p"}};
        auto const found = proxy_for(url("https://api.example"), environment(env));
        BOOST_REQUIRE(!found);
        BOOST_TEST(to_string(found.error().kind) == "configuration");
        BOOST_TEST(
            found.error().message ==
            std::string(variable) + ": this is not a proxy URL: it does not parse"
        );
    }
}

BOOST_AUTO_TEST_CASE(a_bad_proxy_that_is_not_used_does_no_harm) {
    variables const env{{"HTTPS_PROXY", "socks5://p"}, {"NO_PROXY", "api.example"}};
    BOOST_TEST(chosen("https://api.example", env) == "");
}

BOOST_AUTO_TEST_CASE(no_proxy_names_hosts) {
    struct {
        std::string list;
        bool expected;
    } const cases[] = {
        {"*", true},
        {"api.example.com", true},
        {"API.Example.COM", true},
        {"api.example.com.", true},
        {"example.com", true},
        {".example.com", true},
        {"*.example.com", true},
        {".api.example.com", true},
        {"com", true},
        {"other.example, api.example.com", true},
        {"other.example,api.example.com", true},
        {"other.example api.example.com", true},
        {"other.example\tapi.example.com", true},
        {",, ,api.example.com,", true},
        {"api.example.com:443", true},
        {".example.com:443", true},
        {"*:443", true},
        {"", false},
        {"other.example", false},
        {"pi.example.com", false},
        {"ample.com", false},
        {"*ample.com", false},
        {"api.example", false},
        {"www.api.example.com", false},
        {"api.example.com:8443", false},
        {"*:8443", false},
        {".", false},
        {"*.", false},
        {"..", false},
        {"192.0.2.0/24", false},
        {"0.0.0.0/0", false},
        {"https://api.example.com", false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.list) {
            BOOST_TEST(is_excepted("https://api.example.com", c.list) == c.expected);
        }
    }
    BOOST_TEST(is_excepted("https://API.example.com", "example.com"));
    BOOST_TEST(is_excepted("https://api.example.com.", "example.com"));
}

BOOST_AUTO_TEST_CASE(no_proxy_names_addresses_and_ranges) {
    struct {
        std::string api;
        std::string list;
        bool expected;
    } const cases[] = {
        {"https://192.0.2.7", "192.0.2.7", true},
        {"https://192.0.2.7", "192.0.2.7:443", true},
        {"https://192.0.2.7:8443", "192.0.2.7:8443", true},
        {"https://192.0.2.7", "192.0.2.0/24", true},
        {"https://192.0.2.7", "192.0.2.99/24", true},
        {"https://192.0.2.7", "192.0.2.7/32", true},
        {"https://192.0.2.7", "0.0.0.0/0", true},
        {"https://192.0.2.7", "192.0.2.0/29:443", true},
        {"https://192.0.2.7", "*", true},
        {"https://192.0.2.7", "192.0.2.8", false},
        {"https://192.0.2.7", "192.0.2.7:8443", false},
        {"https://192.0.2.7", "192.0.2.8/29", false},
        {"https://192.0.2.7", "192.0.2.0/33", false},
        {"https://192.0.2.7", "192.0.2.0/", false},
        {"https://192.0.2.7", "192.0.2/24", false},
        {"https://192.0.2.7", "2.7", false},
        {"https://192.0.2.7", ".2.7", false},
        {"https://0.0.0.0", "no.address", false},
        {"https://192.0.2.7", "::/0", false},
        {"https://[2001:db8::7]", "2001:db8::7", true},
        {"https://[2001:db8::7]", "2001:DB8:0:0::7", true},
        {"https://[2001:db8::7]", "[2001:db8::7]", true},
        {"https://[2001:db8::7]", "[2001:db8::7]:443", true},
        {"https://[2001:db8::7]", "2001:db8::/32", true},
        {"https://[2001:db8::7]", "[2001:db8::7]:8443", false},
        {"https://[2001:db8::7]", "2001:db8::8", false},
        {"https://[2001:db8::7]", "2001:db9::/32", false},
        {"https://[2001:db8::7]", "2001:db8::/129", false},
        {"https://[2001:db8::7]", "0.0.0.0/0", false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.api << " with " << c.list) {
            BOOST_TEST(is_excepted(c.api, c.list) == c.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(only_2xx_is_a_connection) {
    auto const api = url("https://api.example");
    auto const p = with_credentials("");
    for (unsigned const status : {200U, 204U, 299U})
        BOOST_TEST(!refusal_of(p, api, status));
    for (unsigned const status : {101U, 301U, 403U, 502U, 503U}) {
        auto const refusal = refusal_of(p, api, status);
        BOOST_REQUIRE(refusal);
        BOOST_TEST(to_string(refusal->kind) == "unreachable");
        BOOST_TEST(
            refusal->message == "https://api.example cannot be reached: the proxy "
                                "proxy.example:3128 did not connect to api.example:443 (" +
                                    std::to_string(status) + ")"
        );
        BOOST_TEST(
            refusal->hint == "check HTTPS_PROXY and the proxy itself, or bypass it with NO_PROXY"
        );
    }
}

BOOST_AUTO_TEST_CASE(missing_or_wrong_credentials_are_a_configuration_error) {
    auto const api = url("https://api.example");
    struct {
        std::string credentials;
        unsigned status;
        std::string did;
    } const cases[] = {
        {"", 407, "asks for credentials (407)"},
        {"", 401, "asks for credentials (401)"},
        {"user:sesame", 407, "does not accept the credentials (407)"},
        {"user:sesame", 401, "does not accept the credentials (401)"},
    };
    for (auto const& c : cases) {
        auto const refusal = refusal_of(with_credentials(c.credentials), api, c.status);
        BOOST_REQUIRE(refusal);
        BOOST_TEST(to_string(refusal->kind) == "configuration");
        BOOST_TEST(
            refusal->message ==
            "https://api.example cannot be reached: the proxy proxy.example:3128 " + c.did
        );
        BOOST_TEST(
            refusal->hint == "put user and password, percent-encoded, into HTTPS_PROXY: "
                             "http://<user>:<password>@proxy.example:3128"
        );
    }
}

BOOST_AUTO_TEST_SUITE_END()
