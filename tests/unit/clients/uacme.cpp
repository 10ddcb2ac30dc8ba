#include "clients/uacme.hpp"

#include "support/hook_requests.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using test::text_of;

namespace {

using texts = std::vector<std::string>;

std::string request_for(texts const& arguments) {
    return text_of(clients::uacme_request(arguments));
}

constexpr auto hint = ": this is uacme's hook: name hooks/uacme with its option -h";

} // namespace

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
            BOOST_TEST(request_for({c.method, c.type, "example.com", "token", "V"}) == c.request);
        }
    }
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_call) {
    std::string const missing =
        "usage: a method, a type, an identifier, a token and an authorization are needed";
    BOOST_TEST(request_for({}) == missing + hint);
    BOOST_TEST(request_for({"begin", "dns-01", "example.com", "token"}) == missing + hint);
    BOOST_TEST(request_for({"begin", "dns-01", "a", "b", "c", "d"}) == missing + hint);
    BOOST_TEST(
        request_for({"start", "dns-01", "example.com", "token", "V"}) ==
        std::string("usage: 'start' is no method") + hint
    );
}

BOOST_AUTO_TEST_SUITE_END()
