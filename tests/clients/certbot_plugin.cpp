#include "sandbox/temporary_folder.hpp"
#include "support/acme_client.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(clients_certbot_plugin)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

// The real certbot with its own DigitalOcean plugin.
acme_dns01::test::outcome plugin(
    local_digitalocean const& s,
    pebble const& ca,
    std::filesystem::path const& folder,
    texts const& names
) {
    auto const how = certbot_plugin_options(s, folder, 1);
    auto const command = certbot_command(s, ca, folder, how, names);
    return acme_dns01::test::run(command).value();
}

} // namespace

BOOST_AUTO_TEST_CASE(the_certbot_plugin_works_with_the_sandbox) {
    texts const names{"*.example.com", "example.com", "www.nested.example.com"};
    auto options = two_zones();
    options.scopes = {"domain:read", "domain:create", "domain:delete"};
    local_digitalocean s(options);
    acme_dns01::sandbox::temporary_folder const scratch("acme-dns01-test");
    pebble const ca(s, scratch.path());

    auto const issued = plugin(s, ca, scratch.path(), names);
    BOOST_TEST(issued.status == 0, issued.out << issued.err);
    auto const certificate = live_certificate(scratch.path(), "example.com");
    BOOST_TEST(names_in_certificate(certificate) == names, per_element());
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(txt_values(s, "nested.example.com").empty());
    texts expected{
        "DELETE /v2/domains/example.com/records/<id> 204",
        "DELETE /v2/domains/example.com/records/<id> 204",
        "DELETE /v2/domains/nested.example.com/records/<id> 204",
        "GET /v2/domains/example.com/records/?per_page=200 200",
        "GET /v2/domains/example.com/records/?per_page=200 200",
        "GET /v2/domains/nested.example.com/records/?per_page=200 200",
        "POST /v2/domains/example.com/records 201",
        "POST /v2/domains/example.com/records 201",
        "POST /v2/domains/nested.example.com/records 201",
    };
    expected.insert(expected.end(), 2 * names.size(), "GET /v2/domains/?per_page=200 200");
    BOOST_TEST(calls_without_ids(s) == sorted(expected), per_element());
}

BOOST_AUTO_TEST_CASE(the_certbot_plugin_follows_links_to_the_second_page) {
    acme_dns01::digitalocean::record other;
    other.type = "TXT";
    other.name = "other";
    other.data = "kept";
    auto options = quick();
    options.domains.clear();
    for (int i = 0; i < 200; ++i) {
        options.domains.push_back("zone" + std::to_string(i) + ".example");
        options.records.push_back({"example.com", other});
    }
    options.domains.emplace_back("example.com");
    local_digitalocean s(options);
    acme_dns01::sandbox::temporary_folder const scratch("acme-dns01-test");
    pebble const ca(s, scratch.path());

    auto const issued = plugin(s, ca, scratch.path(), {"example.com"});
    BOOST_TEST(issued.status == 0, issued.out << issued.err);
    BOOST_TEST(txt_values(s, "example.com").size() == 200U);
    texts const expected{
        "GET /v2/domains/?per_page=200 200",
        "GET /v2/domains?per_page=200&page=2 200",
        "POST /v2/domains/example.com/records 201",
        "GET /v2/domains/?per_page=200 200",
        "GET /v2/domains?per_page=200&page=2 200",
        "GET /v2/domains/example.com/records/?per_page=200 200",
        "GET /v2/domains/example.com/records?per_page=200&page=2 200",
        "DELETE /v2/domains/example.com/records/28449232 204",
    };
    BOOST_TEST(calls_of(s) == expected, per_element());
}

BOOST_AUTO_TEST_SUITE_END()
