#include "cli/output/resource_report.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(cli_resource_report)

using namespace acme_dns01;
using namespace acme_dns01::cli;
namespace json = boost::json;
using boost::test_tools::per_element;
using digitalocean::domain;
using digitalocean::record;

namespace {

using texts = std::vector<std::string>;

record of(std::int64_t id, std::string type, std::string name, std::string data) {
    record r;
    r.id = id;
    r.type = std::move(type);
    r.name = std::move(name);
    r.data = std::move(data);
    r.ttl = 1800;
    return r;
}

std::vector<record> some() {
    auto mail = of(28448433, "MX", "@", "mail.example.com");
    mail.priority = 10;
    auto plain = of(7, "A", "www", "192.0.2.1");
    plain.ttl.reset();
    return {
        plain,
        mail,
        of(28448432, "A", "blog", "192.0.2.2"),
        of(28448430, "NS", "@", "ns2.digitalocean.com"),
        of(28448429, "NS", "@", "ns1.digitalocean.com"),
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(zones_are_a_table_sorted_by_name) {
    std::vector<domain> const zones{
        {"example.net", 30, {}}, {"example.com", 1800, "$ORIGIN"}, {"a.example", {}, {}}};
    BOOST_TEST(
        lines_for(zones) == (texts{
                                "DOMAIN        TTL",
                                "a.example       -",
                                "example.com  1800",
                                "example.net    30",
                            }),
        per_element()
    );
    BOOST_TEST(lines_for(std::vector<domain>()) == texts{"no domains"}, per_element());
}

BOOST_AUTO_TEST_CASE(records_are_a_table_sorted_by_name_type_and_data) {
    BOOST_TEST(
        lines_for(some()) == (texts{
                                 "NAME  TYPE   TTL        ID  DATA",
                                 "@     MX    1800  28448433  10 mail.example.com",
                                 "@     NS    1800  28448429  ns1.digitalocean.com",
                                 "@     NS    1800  28448430  ns2.digitalocean.com",
                                 "blog  A     1800  28448432  192.0.2.2",
                                 "www   A        -         7  192.0.2.1",
                             }),
        per_element()
    );
    BOOST_TEST(lines_for(std::vector<record>()) == texts{"no records"}, per_element());
}

BOOST_AUTO_TEST_CASE(the_data_of_a_record_gives_way_to_the_width) {
    BOOST_TEST(
        lines_for(std::vector{of(7, "TXT", "@", "0123456789")}, 27) ==
            (texts{"NAME  TYPE   TTL  ID  DATA", "@     TXT   1800   7  01..."}),
        per_element()
    );
}

BOOST_AUTO_TEST_CASE(data_is_written_as_in_a_zone_file) {
    auto mail = of(1, "MX", "@", "mail.example.com");
    BOOST_TEST(data_text(mail) == "- mail.example.com");
    mail.priority = 10;
    BOOST_TEST(data_text(mail) == "10 mail.example.com");
    auto service = of(1, "SRV", "_sip._tcp", "sip.example.com");
    service.priority = 10;
    service.weight = 20;
    service.port = 5060;
    BOOST_TEST(data_text(service) == "10 20 5060 sip.example.com");
    auto issuer = of(1, "CAA", "@", "letsencrypt.org");
    issuer.flags = 0;
    issuer.tag = "issue";
    BOOST_TEST(data_text(issuer) == "0 issue \"letsencrypt.org\"");
    BOOST_TEST(data_text(of(1, "TXT", "@", "v=spf1 -all")) == "v=spf1 -all");
}

BOOST_AUTO_TEST_CASE(lists_are_the_apis_own_objects_in_its_order) {
    digitalocean::page<domain> const zones{{{"b.example", 1800, "x"}, {"a.example", {}, {}}}, 7};
    BOOST_TEST(
        json_text("domains", zones) ==
        R"({"domains":[{"name":"b.example","ttl":1800,"zone_file":"x"},)"
        R"({"name":"a.example","ttl":null,"zone_file":null}],"meta":{"total":7}})"
    );
    digitalocean::page<record> const records{{of(7, "A", "www", "192.0.2.1")}, 1};
    BOOST_TEST(
        json_text("domain_records", records) ==
        R"({"domain_records":[{"id":7,"type":"A","name":"www","data":"192.0.2.1","priority":null,)"
        R"("port":null,"ttl":1800,"weight":null,"flags":null,"tag":null}],"meta":{"total":1}})"
    );
    BOOST_TEST(
        json_text("domain_records", digitalocean::page<record>()) ==
        R"({"domain_records":[],"meta":{"total":0}})"
    );
}

BOOST_AUTO_TEST_CASE(a_zone_file_is_shown_line_by_line) {
    domain zone{"example.com", 1800, "$ORIGIN example.com.\r\n\n@\tIN NS ns1\n; end"};
    BOOST_TEST(
        zone_file_lines(zone, 10) == (texts{"$ORIGIN example.com.", "", "@ IN NS ns1", "; end"}),
        per_element()
    );
    for (auto const& none : {std::optional<std::string>(), std::optional<std::string>("")}) {
        zone.zone_file = none;
        BOOST_TEST(
            zone_file_lines(zone) == (texts{"DOMAIN        TTL", "example.com  1800"}),
            per_element()
        );
    }
}

BOOST_AUTO_TEST_CASE(a_list_that_is_not_whole_says_so) {
    BOOST_TEST(
        remark_on(20, 5000, "domains") == "20 of 5000 domains are shown; use --all to see all"
    );
    BOOST_TEST(remark_on(1, 2, "records") == "1 of 2 records is shown; use --all to see all");
    BOOST_TEST(remark_on(0, 1, "records") == "0 of 1 records are shown; use --all to see all");
    BOOST_TEST(remark_on(2, 2, "records").empty());
    BOOST_TEST(remark_on(3, 2, "records").empty());
}

BOOST_AUTO_TEST_SUITE_END()
