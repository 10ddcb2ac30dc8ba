#include "clients/pair.hpp"

#include "support/hook_requests.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::clients;
using test::text_of;

BOOST_AUTO_TEST_SUITE(clients_pair)

BOOST_AUTO_TEST_CASE(getssl_names_the_domain_and_acme_sh_the_record) {
    auto const present = hook_action::present;
    auto const cleanup = hook_action::cleanup;
    BOOST_TEST(text_of(getssl_request(present, "example.com", "V")) == "present example.com=V");
    BOOST_TEST(text_of(getssl_request(cleanup, "example.com", "-V")) == "cleanup example.com=-V");
    BOOST_TEST(
        text_of(acmesh_request(present, "alias.example.net", "V")) == "present @alias.example.net=V"
    );
    BOOST_TEST(
        text_of(acmesh_request(cleanup, "_acme-challenge.example.com", "-V")) ==
        "cleanup @_acme-challenge.example.com=-V"
    );
}

BOOST_AUTO_TEST_SUITE_END()
