#include "cli/options/resource_options.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::cli;

namespace {

auto const zone = dns::name::parse("example.com").value();

template <class T>
void check_usage(result<T> const& got, std::string const& message, std::string const& hint = "") {
    BOOST_REQUIRE(!got);
    BOOST_TEST(to_string(got.error().kind) == "usage");
    BOOST_TEST(got.error().message == message);
    BOOST_TEST(got.error().hint == hint);
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_resource_options)

BOOST_AUTO_TEST_CASE(a_listing_is_what_the_api_does_by_itself_unless_something_is_said) {
    auto const plain = listing_in({}).value();
    BOOST_TEST(!plain.all);
    BOOST_TEST(!plain.page.number.has_value());
    BOOST_TEST(!plain.page.per_page.has_value());
    auto const page = listing_in({{"page", "3"}, {"per-page", "200"}}).value();
    BOOST_TEST(page.page.number.value() == 3U);
    BOOST_TEST(page.page.per_page.value() == 200U);
    BOOST_TEST(listing_in({{"all", ""}}).value().all);
}

BOOST_AUTO_TEST_CASE(pages_are_counted_from_1_and_have_at_most_200_entries) {
    for (std::string const bad : {"0", "201", "-1", "99999999999"}) {
        BOOST_TEST_CONTEXT(bad) {
            check_usage(listing_in({{"per-page", bad}}), "--per-page is a number from 1 to 200");
        }
    }
    check_usage(listing_in({{"page", "0"}}), "--page is a number from 1 to 2147483647");
    for (std::string const bad : {"", "x", "1x", " 1", "1.5", "\x1b"}) {
        BOOST_TEST_CONTEXT(bad) {
            auto const shown = bad == "\x1b" ? "?" : bad;
            check_usage(listing_in({{"page", bad}}), "--page: '" + shown + "' is no number");
        }
    }
}

BOOST_AUTO_TEST_CASE(all_pages_are_no_single_page) {
    check_usage(listing_in({{"all", ""}, {"page", "1"}}), "--all and --page do not go together");
    check_usage(
        listing_in({{"all", ""}, {"per-page", "1"}}), "--all and --per-page do not go together"
    );
}

BOOST_AUTO_TEST_CASE(a_filter_has_the_whole_name_however_it_was_written) {
    struct {
        std::string written;
        std::string expected;
    } const cases[] = {
        {"www", "www.example.com"},
        {"WWW.example.com", "www.example.com"},
        {"www.example.com.", "www.example.com"},
        {"@", "example.com"},
        {"example.com", "example.com"},
        {"*", "*.example.com"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.written) {
            auto const filter = filter_in({{"name", c.written}}, zone).value();
            BOOST_TEST(filter.name.value().text() == c.expected);
            BOOST_TEST(filter.type.empty());
        }
    }
    BOOST_TEST(!filter_in({}, zone).value().name.has_value());
    BOOST_TEST(filter_in({{"type", "soa"}}, zone).value().type == "SOA");
    auto const both = filter_in({{"type", "soa"}, {"name", "@"}}, zone).value();
    BOOST_TEST(both.name.value().text() == "example.com");
}

BOOST_AUTO_TEST_CASE(a_filter_that_can_find_nothing_is_refused) {
    check_usage(
        filter_in({{"name", "www.example.net."}}, zone),
        "--name 'www.example.net.' is not within zone example.com",
        "write it relative to the zone, such as www, or @ for the zone itself"
    );
    check_usage(
        filter_in({{"type", "SPF"}}, zone),
        "--type 'SPF' is not a record type at DigitalOcean",
        "the types are A, AAAA, CAA, CNAME, MX, NS, SRV and TXT"
    );
}

BOOST_AUTO_TEST_CASE(every_attribute_is_an_option) {
    auto const fields = fields_in({
                                      {"type", "SRV"},
                                      {"name", "_sip._tcp"},
                                      {"data", "sip.example.com"},
                                      {"priority", "1"},
                                      {"port", "2"},
                                      {"ttl", "30"},
                                      {"weight", "4"},
                                      {"flags", "5"},
                                      {"tag", "issue"},
                                  })
                            .value();
    digitalocean::record_fields const expected{
        "SRV", "_sip._tcp", "sip.example.com", 1, 2, 30, 4, 5, "issue"};
    BOOST_TEST((fields == expected));
    BOOST_TEST((fields_in({}).value() == digitalocean::record_fields()));
}

BOOST_AUTO_TEST_CASE(an_attribute_that_is_no_number_is_refused) {
    for (std::string const option : {"priority", "port", "weight", "flags"}) {
        check_usage(fields_in({{option, "ten"}}), "--" + option + ": 'ten' is no number");
    }
}

BOOST_AUTO_TEST_CASE(an_address_of_either_kind_is_one) {
    for (std::string const address : {"192.0.2.1", "2001:db8::1"}) {
        BOOST_TEST(ip_address_in({{"ip-address", address}}).value() == address);
    }
    BOOST_TEST(ip_address_in({}).value().empty());
    for (std::string const bad : {"", "192.0.2", "192.0.2.256", "www.example.com", "fe80::1%lo"}) {
        check_usage(
            ip_address_in({{"ip-address", bad}}),
            "--ip-address '" + bad + "' is no IPv4 or IPv6 address"
        );
    }
}

BOOST_AUTO_TEST_CASE(a_zone_has_two_labels_and_no_wildcard) {
    BOOST_TEST(zone_named("Example.com.").value().text() == "example.com");
    BOOST_TEST(zone_named("_acme-challenge.example.com").has_value());
    for (std::string const bad : {"com", "*.example.com", "."}) {
        BOOST_TEST_CONTEXT(bad) { BOOST_TEST(!zone_named(bad).has_value()); }
    }
    check_usage(
        zone_named("com"),
        "'com' cannot be a domain at DigitalOcean",
        "write it such as example.com"
    );
}

BOOST_AUTO_TEST_SUITE_END()
