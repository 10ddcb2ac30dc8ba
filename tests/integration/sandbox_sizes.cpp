#include "sandbox/local_digitalocean.hpp"
#include "support/sandbox_client.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sandbox_sizes)

using namespace acme_dns01;
using test::https_connection;
namespace box = sandbox;

namespace {

// Generous: what is quadratic takes minutes.
constexpr seconds patience{20};

std::string next_target(boost::json::value const& page) {
    auto const* const pages = page.at("links").as_object().if_contains("pages");
    auto const* const next = pages == nullptr ? nullptr : pages->as_object().if_contains("next");
    if (next == nullptr) return {};
    std::string const url(next->as_string());
    return url.substr(url.find("/v2/"));
}

// How many items all the pages have that the API's own links lead to.
std::size_t listed(https_connection& api, std::string target, std::string const& key) {
    std::size_t count = 0;
    while (!target.empty()) {
        auto const page = boost::json::parse(api.send("GET", target).body);
        count += page.at(key).as_array().size();
        target = next_target(page);
    }
    return count;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_account_of_5000_zones_starts_and_lists_quickly) {
    box::options options;
    options.domains.clear();
    for (int i = 0; i < 5000; ++i)
        options.domains.push_back("zone" + std::to_string(i) + ".example");
    auto const start = clock::now();
    box::local_digitalocean const s(options);
    https_connection api(s);
    BOOST_TEST(listed(api, "/v2/domains?per_page=200", "domains") == 5000U);
    BOOST_TEST((clock::now() - start < patience));
}

BOOST_AUTO_TEST_CASE(a_zone_of_20000_records_starts_and_lists_quickly) {
    box::options options;
    for (int i = 0; i < 20'000; ++i) {
        digitalocean::record r;
        r.type = "TXT";
        r.name = "name" + std::to_string(i);
        r.data = "value";
        options.records.push_back({"example.com", r});
    }
    auto const start = clock::now();
    box::local_digitalocean const s(options);
    https_connection api(s);
    auto const records = "/v2/domains/example.com/records?per_page=200";
    BOOST_TEST(listed(api, records, "domain_records") == 20'003U);
    BOOST_TEST(
        listed(api, std::string(records) + "&name=name7.example.com", "domain_records") == 1U
    );
    BOOST_TEST((clock::now() - start < patience));
}

BOOST_AUTO_TEST_SUITE_END()
