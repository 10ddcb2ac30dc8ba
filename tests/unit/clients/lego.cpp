#include "clients/lego.hpp"

#include "support/hook_requests.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using test::text_of;

namespace {

using texts = std::vector<std::string>;

std::string request_for(texts const& arguments) {
    return text_of(clients::lego_request(arguments));
}

constexpr auto hint = ": this is lego's hook: name hooks/lego as EXEC_PATH, for the provider exec";

} // namespace

BOOST_AUTO_TEST_SUITE(clients_lego)

BOOST_AUTO_TEST_CASE(by_default_lego_names_the_record_and_its_value) {
    BOOST_TEST(
        request_for({"present", "_acme-challenge.example.com.", "V"}) ==
        "present @_acme-challenge.example.com.=V"
    );
    BOOST_TEST(
        request_for({"cleanup", "alias.example.net.", "-V"}) == "cleanup @alias.example.net.=-V"
    );
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
            BOOST_TEST(clients::dns_value_of(c.key_authorization) == c.value);
        }
    }
    BOOST_TEST(
        request_for({"present", "--", "example.com", "-abc", "-abc.thumb"}) ==
        "present example.com=" + clients::dns_value_of("-abc.thumb")
    );
    BOOST_TEST(
        request_for({"cleanup", "--", "*.example.com", "abc", "abc.thumb"}) ==
        "cleanup *.example.com=" + clients::dns_value_of("abc.thumb")
    );
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_call) {
    struct {
        texts arguments;
        std::string message;
    } const cases[] = {
        {{}, "neither present nor cleanup was asked for"},
        {{"timeout"}, "'timeout' is neither present nor cleanup"},
        {{"present"},
         "a name and a value are needed, or --, a domain, a token and a key authorization"},
        {{"present", "a", "b", "c"},
         "a name and a value are needed, or --, a domain, a token and a key authorization"},
        {{"present", "a", "b", "c", "d"},
         "a name and a value are needed, or --, a domain, a token and a key authorization"},
        {{"present", "--", "example.com", "abc", "abcd.thumb"},
         "'abcd.thumb' is no key authorization of the token 'abc'"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.message) {
            BOOST_TEST(request_for(c.arguments) == "usage: " + c.message + hint);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
