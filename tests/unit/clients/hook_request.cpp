#include "clients/hook_request.hpp"

#include "support/hook_requests.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::clients;
using test::text_of;

namespace {

using texts = std::vector<std::string>;

std::string dehydrated(texts const& arguments, std::string const& type = "dns-01") {
    return text_of(dehydrated_request(arguments, environment({{"CHALLENGETYPE", type}})));
}

std::string lego(texts const& arguments) { return text_of(lego_request(arguments)); }

std::string uacme(texts const& arguments) { return text_of(uacme_request(arguments)); }

constexpr auto legos_hint =
    ": this is lego's hook: name hooks/lego as EXEC_PATH, for the provider exec";
constexpr auto uacmes_hint = ": this is uacme's hook: name hooks/uacme with its option -h";

} // namespace

BOOST_AUTO_TEST_SUITE(clients_dehydrated)

BOOST_AUTO_TEST_CASE(one_challenge_or_a_chain_of_them) {
    struct {
        texts arguments;
        std::string request;
    } const cases[] = {
        {{"deploy_challenge", "example.com", "token", "V1"}, "present example.com=V1"},
        {{"clean_challenge", "example.com", "token", "V1"}, "cleanup example.com=V1"},
        {{"deploy_challenge", "example.com", "-t", "-V1", "www.example.com", "t2", "V2"},
         "present example.com=-V1 www.example.com=V2"},
        {{"clean_challenge",
          "a.example",
          "t",
          "V1",
          "a.example",
          "t",
          "V2",
          "b.example",
          "t",
          "V3"},
         "cleanup a.example=V1 a.example=V2 b.example=V3"},
        {{"exit_hook"}, "finish"},
        {{"exit_hook", "deploy_challenge hook returned with non-zero exit code"}, "finish"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.request) {
            BOOST_TEST(dehydrated(c.arguments) == c.request);
            BOOST_TEST(text_of(dehydrated_request(c.arguments, {})) == c.request);
        }
    }
}

BOOST_AUTO_TEST_CASE(whatever_else_dehydrated_has_to_say_is_not_ours) {
    for (texts const& arguments : {
             texts{"this_hookscript_is_broken__dehydrated_is_working_fine__please_ignore_unknown_"
                   "hooks_in_your_script"},
             texts{"startup_hook"},
             texts{"generate_csr", "example.com", "/certs/example.com", "example.com www"},
             texts{"sync_cert", "key", "cert", "fullchain", "chain", "request"},
             texts{"deploy_cert", "example.com", "key", "cert", "fullchain", "chain", "17"},
             texts{"deploy_ocsp", "example.com", "file", "17"},
             texts{"unchanged_cert", "example.com", "key", "cert", "fullchain", "chain"},
             texts{"invalid_challenge", "example.com", "{\"type\":\"dns-01\"}"},
             texts{"request_failure", "400", "--bad", "post", "HTTP/2 400\r\n\r\n"},
             texts{""},
             texts{"--help"},
         }) {
        BOOST_TEST_CONTEXT(arguments.front()) { BOOST_TEST(dehydrated(arguments) == "nothing"); }
    }
}

BOOST_AUTO_TEST_CASE(challenges_of_another_type_are_not_ours) {
    texts const deploy{"deploy_challenge", "example.com", "token", "token.thumbprint"};
    BOOST_TEST(dehydrated(deploy, "http-01") == "nothing");
    BOOST_TEST(dehydrated(deploy, "tls-alpn-01") == "nothing");
    BOOST_TEST(dehydrated({"exit_hook"}, "http-01") == "finish");
}

BOOST_AUTO_TEST_CASE(says_what_is_missing) {
    std::string const hint =
        ": this is dehydrated's hook: name hooks/dehydrated as HOOK in its configuration";
    BOOST_TEST(dehydrated({}) == "usage: no operation was given" + hint);
    for (texts const& arguments : {
             texts{"deploy_challenge"},
             texts{"deploy_challenge", "example.com"},
             texts{"deploy_challenge", "example.com", "token"},
             texts{"deploy_challenge", "example.com", "token", "V1", "www.example.com"},
         }) {
        BOOST_TEST(
            dehydrated(arguments) ==
            "usage: deploy_challenge needs a domain, a token and a value for each challenge" + hint
        );
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(clients_lego)

BOOST_AUTO_TEST_CASE(by_default_lego_names_the_record_and_its_value) {
    BOOST_TEST(
        lego({"present", "_acme-challenge.example.com.", "V"}) ==
        "present @_acme-challenge.example.com.=V"
    );
    BOOST_TEST(lego({"cleanup", "alias.example.net.", "-V"}) == "cleanup @alias.example.net.=-V");
}

// Computed by `printf %s "$key_authorization" | openssl dgst -sha256 -binary | basenc --base64url`.
BOOST_AUTO_TEST_CASE(in_raw_mode_the_value_is_the_digest_of_the_key_authorization) {
    struct {
        std::string key_authorization;
        std::string value;
    } const cases[] = {
        {"", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"},
        {"abc", "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"},
        {"evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA.NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
         "ZTRx1Ckl1-tM05o5zaizTTA0yUy5AGereMgSNWC6Ll8"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.key_authorization) {
            BOOST_TEST(dns_value_of(c.key_authorization) == c.value);
        }
    }
    BOOST_TEST(
        lego({"present", "--", "example.com", "-abc", "-abc.thumb"}) ==
        "present example.com=" + dns_value_of("-abc.thumb")
    );
    BOOST_TEST(
        lego({"cleanup", "--", "*.example.com", "abc", "abc.thumb"}) ==
        "cleanup *.example.com=" + dns_value_of("abc.thumb")
    );
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_call) {
    struct {
        texts arguments;
        std::string message;
    } const cases[] = {
        {{}, "'' is neither present nor cleanup"},
        {{"timeout"}, "'timeout' is neither present nor cleanup"},
        {{"present"},
         "a name and a value are needed, or --, a domain, a token and a key authorization"},
        {{"present", "a", "b", "c"},
         "a name and a value are needed, or --, a domain, a token and a key authorization"},
        {{"present", "a", "b", "c", "d"},
         "a name and a value are needed, or --, a domain, a token and a key authorization"},
        {{"present", "--", "example.com", "abc", "abcd.thumb"},
         "'abcd.thumb' is not a key authorization of the token 'abc'"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.message) {
            BOOST_TEST(lego(c.arguments) == "usage: " + c.message + legos_hint);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(clients_uacme)

BOOST_AUTO_TEST_CASE(dns_01_is_ours_and_nothing_else_is) {
    struct {
        std::string method;
        std::string type;
        std::string request;
    } const cases[] = {
        {"begin", "dns-01", "present example.com=V"},
        {"done", "dns-01", "cleanup example.com=V"},
        {"failed", "dns-01", "cleanup example.com=V"},
        {"begin", "http-01", "decline"},
        {"begin", "tls-alpn-01", "decline"},
        {"begin", "dns-account-01", "decline"},
        {"begin", "DNS-01", "decline"},
        {"begin", "", "decline"},
        {"done", "http-01", "nothing"},
        {"failed", "tls-alpn-01", "nothing"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.method << " " << c.type) {
            BOOST_TEST(uacme({c.method, c.type, "example.com", "token", "V"}) == c.request);
        }
    }
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_call) {
    std::string const missing =
        "usage: a method, a type, an identifier, a token and an authorization are needed";
    BOOST_TEST(uacme({}) == missing + uacmes_hint);
    BOOST_TEST(uacme({"begin", "dns-01", "example.com", "token"}) == missing + uacmes_hint);
    BOOST_TEST(uacme({"begin", "dns-01", "a", "b", "c", "d"}) == missing + uacmes_hint);
    BOOST_TEST(
        uacme({"start", "dns-01", "example.com", "token", "V"}) ==
        std::string("usage: 'start' is not a method: begin, done or failed") + uacmes_hint
    );
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(clients_pair)

BOOST_AUTO_TEST_CASE(getssl_names_the_domain_and_acme_sh_the_record) {
    auto const present = hook_action::present;
    auto const cleanup = hook_action::cleanup;
    BOOST_TEST(text_of(getssl_request(present, "example.com", "V")) == "present example.com=V");
    BOOST_TEST(text_of(getssl_request(cleanup, "example.com", "-V")) == "cleanup example.com=-V");
    BOOST_TEST(
        text_of(acmesh_request(present, "alias.example.net", "V", {})) ==
        "present @alias.example.net=V"
    );
    BOOST_TEST(
        text_of(acmesh_request(cleanup, "_acme-challenge.example.com", "-V", {})) ==
        "cleanup @_acme-challenge.example.com=-V"
    );
}

BOOST_AUTO_TEST_CASE(the_acme_sh_plugin_may_say_how_many_calls_follow) {
    struct {
        std::string text;
        std::optional<std::int64_t> count;
    } const cases[] = {
        {"0", 0}, {"19", 19}, {"", {}}, {"-1", {}}, {"2 ", {}}, {"99999999999999999999", {}}};
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            environment const env(std::map<std::string, std::string>{
                {"ACMEDNS01_REMAINING", c.text}, {"ACMEDNS01_ORDER", "https://ca.test/order/1"}});
            auto const request = acmesh_request(hook_action::present, "example.com", "V", env);
            BOOST_TEST(request.is_counted == c.count.has_value());
            BOOST_TEST(request.remaining == c.count.value_or(0));
            BOOST_TEST(request.order == (c.count ? "https://ca.test/order/1" : ""));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
