#include "sandbox/temporary_folder.hpp"
#include "support/acme_client.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(clients_lego)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

texts const names{"*.example.com", "example.com", "www.nested.example.com"};

// The real lego with its own DigitalOcean provider.
acme_dns01::test::outcome
lego(local_digitalocean const& s, pebble const& ca, std::filesystem::path const& folder) {
    auto command = lego_provider_command(s, ca, folder, names);
    command.environment["DO_POLLING_INTERVAL"] = "1";
    command.time_limit = acme_dns01::seconds(60);
    return acme_dns01::test::run(command).value();
}

} // namespace

BOOST_AUTO_TEST_CASE(the_lego_provider_works_with_the_sandbox) {
    auto options = two_zones();
    options.scopes = {"domain:create", "domain:delete"};
    local_digitalocean s(options);
    acme_dns01::sandbox::temporary_folder const scratch("acme-dns01-test");
    pebble const ca(s, scratch.path());

    auto const issued = lego(s, ca, scratch.path());
    BOOST_TEST(issued.status == 0, issued.out << issued.err);
    auto const certificate = scratch.path() / "lego/certificates/_.example.com.crt";
    BOOST_TEST(names_in_certificate(certificate) == names, per_element());
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(txt_values(s, "nested.example.com").empty());
    texts const expected{
        "DELETE /v2/domains/example.com/records/<id> 204",
        "DELETE /v2/domains/example.com/records/<id> 204",
        "DELETE /v2/domains/nested.example.com/records/<id> 204",
        "POST /v2/domains/example.com/records 201",
        "POST /v2/domains/example.com/records 201",
        "POST /v2/domains/nested.example.com/records 201",
    };
    BOOST_TEST(calls_without_ids(s) == expected, per_element());
}

BOOST_AUTO_TEST_SUITE_END()
