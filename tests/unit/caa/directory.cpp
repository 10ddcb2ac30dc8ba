#include "caa/directory.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;

namespace {

using texts = std::vector<std::string>;

std::string directory_with(std::string const& meta) {
    return R"({"newNonce":"https://ca.example/nonce","newOrder":"https://ca.example/order")" +
           meta + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(caa_directory)

BOOST_AUTO_TEST_CASE(a_directory_tells_its_identities) {
    auto const two = directory_with(R"(,"meta":{"caaIdentities":["ca.example","old.example"]})");
    BOOST_TEST(
        caa::identities_in(two).value() == (texts{"ca.example", "old.example"}),
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(identities_are_optional) {
    for (std::string const meta :
         {"", R"(,"meta":{})", R"(,"meta":{"caaIdentities":[]})", R"(,"meta":7)"}) {
        BOOST_TEST_CONTEXT(meta) {
            BOOST_TEST(caa::identities_in(directory_with(meta)).value().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_directory) {
    std::string many = "\"a\"";
    for (std::size_t i = 0; i < caa::identities_max; ++i)
        many += ",\"a\"";
    for (auto const& text : {
             std::string("<html>"),
             std::string("[]"),
             std::string("{}"),
             directory_with(R"(,"meta":{"caaIdentities":"ca.example"})"),
             directory_with(R"(,"meta":{"caaIdentities":[7]})"),
             directory_with(R"(,"meta":{"caaIdentities":[)" + many + "]}"),
         }) {
        BOOST_TEST_CONTEXT(text) {
            auto const read = caa::identities_in(text);
            BOOST_REQUIRE(!read);
            BOOST_TEST((read.error().kind == error_kind::bad_answer));
            BOOST_TEST(read.error().message == "sent what is no ACME directory");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
