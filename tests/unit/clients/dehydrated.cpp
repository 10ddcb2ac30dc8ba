#include "clients/dehydrated.hpp"

#include "support/hook_requests.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using test::text_of;

namespace {

using texts = std::vector<std::string>;

std::string request_for(texts const& arguments, std::string const& type = "dns-01") {
    return text_of(clients::dehydrated_request(arguments, environment({{"CHALLENGETYPE", type}})));
}

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
            BOOST_TEST(request_for(c.arguments) == c.request);
            BOOST_TEST(text_of(clients::dehydrated_request(c.arguments, {})) == c.request);
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
        BOOST_TEST_CONTEXT(arguments.front()) { BOOST_TEST(request_for(arguments) == "nothing"); }
    }
}

BOOST_AUTO_TEST_CASE(challenges_of_another_type_are_not_ours) {
    texts const deploy{"deploy_challenge", "example.com", "token", "token.thumbprint"};
    BOOST_TEST(request_for(deploy, "http-01") == "nothing");
    BOOST_TEST(request_for(deploy, "tls-alpn-01") == "nothing");
    BOOST_TEST(request_for({"exit_hook"}, "http-01") == "finish");
}

BOOST_AUTO_TEST_CASE(says_what_is_missing) {
    std::string const hint =
        ": this is dehydrated's hook: name hooks/dehydrated as HOOK in its configuration";
    BOOST_TEST(request_for({}) == "usage: no operation was given" + hint);
    for (texts const& arguments : {
             texts{"deploy_challenge"},
             texts{"deploy_challenge", "example.com"},
             texts{"deploy_challenge", "example.com", "token"},
             texts{"deploy_challenge", "example.com", "token", "V1", "www.example.com"},
         }) {
        BOOST_TEST(
            request_for(arguments) ==
            "usage: deploy_challenge needs a domain, a token and a value for each challenge" + hint
        );
    }
}

BOOST_AUTO_TEST_SUITE_END()
