#include "challenge/challenge.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(challenge_challenge)

using namespace acme_dns01;
using namespace acme_dns01::challenge;

namespace {

constexpr auto value = "gfj9Xq-Rg85nM_BDJuMZ4rSzSdNNbyKtvZ1TpVvkcAo";

} // namespace

BOOST_AUTO_TEST_CASE(a_domain_and_its_wildcard_share_the_challenge_name) {
    struct {
        std::string domain;
        std::string kept;
        std::string fqdn;
    } const cases[] = {
        {"example.com", "example.com", "_acme-challenge.example.com"},
        {"*.example.com", "*.example.com", "_acme-challenge.example.com"},
        {"Example.COM.", "example.com", "_acme-challenge.example.com"},
        {"*.WWW.example.com", "*.www.example.com", "_acme-challenge.www.example.com"},
        {"b\xc3\xbc"
         "cher.example",
         "xn--bcher-kva.example",
         "_acme-challenge.xn--bcher-kva.example"},
        {"*.b\xc3\xbc"
         "cher.example",
         "*.xn--bcher-kva.example",
         "_acme-challenge.xn--bcher-kva.example"},
        {"192.0.2.example", "192.0.2.example", "_acme-challenge.192.0.2.example"},
        {"1.2.3.4a", "1.2.3.4a", "_acme-challenge.1.2.3.4a"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.domain) {
            auto const made = make_challenge(c.domain, value);
            BOOST_REQUIRE(made);
            BOOST_TEST(made->domain == c.kept);
            BOOST_TEST(made->fqdn.text() == c.fqdn);
            BOOST_TEST(made->value == value);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_invalid_domain_is_refused_with_the_reason) {
    auto const single = "cannot be proven by DNS: it is not a name below a top-level domain";
    auto const address = "cannot be proven by DNS: it looks like an IP address";
    auto const asterisk = "cannot be proven by DNS: '*' is in the wrong place";
    auto const characters = "is not a domain name: a label holds only letters, digits, '-' and '_'";
    struct {
        std::string domain;
        std::string shown;
        std::string why;
    } const cases[] = {
        {"", "", "is not a domain name: it is empty"},
        {".", ".", single},
        {"localhost", "localhost", single},
        {"com.", "com.", single},
        {"*.com", "*.com", single},
        {"*", "*", asterisk},
        {"*.*.example.com", "*.*.example.com", asterisk},
        {"*.", "", "is not a domain name: it is empty"},
        {"www.*.example.com", "www.*.example.com", characters},
        {"w*.example.com", "w*.example.com", characters},
        {"192.0.2.1", "192.0.2.1", address},
        {"*.192.0.2.1", "*.192.0.2.1", address},
        {"2001:db8::1", "2001:db8::1", characters},
        {"[2001:db8::1]", "[2001:db8::1]", characters},
        {"example..com", "example..com", "is not a domain name: it has an empty label"},
        {"exa mple.com", "exa mple.com", characters},
        {"https://example.com", "https://example.com", characters},
        {"-\x1b[2J.example.com", "-?[2J.example.com", characters},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.domain) {
            auto const made = make_challenge(c.domain, value);
            BOOST_REQUIRE(!made);
            BOOST_TEST(to_string(made.error().kind) == "usage");
            BOOST_TEST(made.error().message == "'" + c.shown + "' " + c.why);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_domain_too_long_for_its_challenge_name_is_refused) {
    auto const label = std::string(59, 'a');
    auto const domain = label + "." + label + "." + label + "." + label;
    BOOST_TEST(domain.size() == 239U);
    auto const made = make_challenge(domain, value);
    BOOST_REQUIRE(!made);
    BOOST_TEST(to_string(made.error().kind) == "usage");
    BOOST_TEST(
        made.error().message == "'" + ("_acme-challenge." + domain).substr(0, 80) +
                                    "...' is not a domain name: it is longer than 253 bytes"
    );
    BOOST_TEST(make_challenge(domain.substr(2), value).has_value());
}

BOOST_AUTO_TEST_CASE(an_invalid_value_is_refused_with_the_reason) {
    struct {
        std::string text;
        std::string shown;
    } const cases[] = {
        {"", ""},
        {"token.thumbprint", "token.thumbprint"},
        {std::string(42, 'a'), std::string(42, 'a')},
        {std::string(44, 'a'), std::string(44, 'a')},
        {std::string(42, 'a') + "=", std::string(42, 'a') + "="},
        {std::string(42, 'a') + "+", std::string(42, 'a') + "+"},
        {std::string(42, 'a') + "/", std::string(42, 'a') + "/"},
        {std::string(42, 'a') + "\n", std::string(42, 'a') + "?"},
        {std::string(200, 'a'), std::string(80, 'a') + "..."},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const made = make_challenge("*.example.com", c.text);
            BOOST_REQUIRE(!made);
            BOOST_TEST(to_string(made.error().kind) == "usage");
            BOOST_TEST(
                made.error().message == "'" + c.shown +
                                            "' is not a challenge value for *.example.com: it must "
                                            "be 43 base64url characters"
            );
            BOOST_TEST(!is_challenge_value(c.text));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_value_is_43_base64url_characters_wherever_they_stand) {
    for (std::string const& text :
         {std::string(value),
          std::string(43, '-'),
          std::string(43, '_'),
          "-" + std::string(42, 'Z')}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(is_challenge_value(text));
            BOOST_TEST(make_challenge("example.com", text).value().value == text);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_challenge_name_is_known_by_its_first_label) {
    struct {
        std::string text;
        bool expected;
    } const cases[] = {
        {"_acme-challenge.example.com", true},
        {"_ACME-Challenge.example.com", true},
        {"_acme-challenge.com", true},
        {"_ujmmovf2vn55tgye._acme-challenge.example.com", true},
        {"_ujmmovf2vn55tgy._acme-challenge.example.com", false},
        {"_ujmmovf2vn55tgy1._acme-challenge.example.com", false},
        {"xujmmovf2vn55tgye._acme-challenge.example.com", false},
        {"_ujmmovf2vn55tgye.example.com", false},
        {"_validation-persist.example.com", false},
        {"www._acme-challenge.example.com", false},
        {"_acme-challengex.example.com", false},
        {"x_acme-challenge.example.com", false},
        {"_acme-challenge-x.example.com", false},
        {"acme-challenge.example.com", false},
        {"example.com", false},
        {".", false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            BOOST_TEST(is_challenge_name(dns::name::parse(c.text).value()) == c.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_account_can_have_a_challenge_name_of_its_own) {
    // From the source of Let's Encrypt's test server Pebble.
    auto const uri = "https://example.com/acme/acct/ExampleAccount";
    BOOST_TEST(account_label(uri) == "_ujmmovf2vn55tgye");
    auto const plain = make_challenge("*.Example.com").value();
    auto const own = for_account(plain, uri).value();
    BOOST_TEST(own.fqdn.text() == "_ujmmovf2vn55tgye._acme-challenge.example.com");
    BOOST_TEST(own.domain == "*.example.com");
    BOOST_TEST(label_of(own) == "*.example.com");
    BOOST_TEST(domain_at(own.fqdn).text() == "example.com");
    BOOST_TEST(domain_at(plain.fqdn).text() == "example.com");
    BOOST_TEST(domain_at(own.fqdn.parent().parent()).text() == "example.com");
}

BOOST_AUTO_TEST_CASE(a_records_name_is_taken_as_it_is) {
    struct {
        std::string name;
        std::string domain;
        std::string fqdn;
    } const cases[] = {
        {"_acme-challenge.example.com.", "example.com", "_acme-challenge.example.com"},
        {"_ACME-challenge.Example.com", "example.com", "_acme-challenge.example.com"},
        {"proofs.example.net", "proofs.example.net", "proofs.example.net"},
        {"a._acme-challenge.example.net.",
         "a._acme-challenge.example.net",
         "a._acme-challenge.example.net"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            auto const made = make_challenge_at(c.name, value);
            BOOST_REQUIRE(made);
            BOOST_TEST(made->domain == c.domain);
            BOOST_TEST(made->fqdn.text() == c.fqdn);
            BOOST_TEST(made->value == value);
            BOOST_TEST(label_of(*made) == c.domain);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_invalid_record_name_is_refused_with_the_reason) {
    struct {
        std::string name;
        std::string value;
        std::string message;
    } const cases[] = {
        {"_acme-challenge.com",
         value,
         "'com' cannot be proven by DNS: it is not a name below a top-level domain"},
        {"com", value, "'com' cannot be proven by DNS: it is not a name below a top-level domain"},
        {"*.example.net",
         value,
         "'*.example.net' cannot be proven by DNS: '*' is in the wrong place"},
        {"192.0.2.1", value, "'192.0.2.1' cannot be proven by DNS: it looks like an IP address"},
        {"proofs.example.net",
         "V",
         "'V' is not a challenge value for proofs.example.net: it must be 43 base64url characters"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            auto const made = make_challenge_at(c.name, c.value);
            BOOST_REQUIRE(!made);
            BOOST_TEST(to_string(made.error().kind) == "usage");
            BOOST_TEST(made.error().message == c.message);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_challenge_may_have_no_value_yet) {
    auto const c = make_challenge("*.Example.com").value();
    BOOST_TEST(c.domain == "*.example.com");
    BOOST_TEST(c.fqdn.text() == "_acme-challenge.example.com");
    BOOST_TEST(c.value == "");
    BOOST_TEST(
        make_challenge("192.0.2.1").error().message ==
        "'192.0.2.1' cannot be proven by DNS: it looks like an IP address"
    );
}

BOOST_AUTO_TEST_SUITE_END()
