#include "sandbox/zone_snapshot.hpp"

#include "support/sandbox_api.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::sandbox;
using namespace std::chrono_literals;

namespace {

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

struct fixture {
    test::sandbox_api api;
    dns::name const zone_name = parsed("example.com");
    dns::name const challenge = parsed("_acme-challenge.example.com");

    fixture() {
        api.create_example();
        api.advance(10s);
    }
    void create_record(std::string const& value) {
        auto const body = R"({"type":"TXT","name":"_acme-challenge","data":")" + value + "\"}";
        BOOST_TEST(api.post("/v2/domains/example.com/records", body).status == 201U);
    }
    std::vector<std::string> values(std::chrono::milliseconds delay) {
        zone_snapshot const published(api.account(), api.now() - delay);
        auto const* z = published.zone_of(challenge);
        if (z == nullptr) return {"no zone"};
        auto const type = dns::record_type::txt;
        return dns::data_of(published.records_at(*z, challenge), type, challenge);
    }
    std::string soa(std::chrono::milliseconds delay) {
        zone_snapshot const published(api.account(), api.now() - delay);
        return published.soa(*published.zone_of(zone_name)).data;
    }
};

using texts = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_publication, fixture)

BOOST_AUTO_TEST_CASE(a_record_appears_after_the_delay_and_not_before) {
    create_record("v");
    BOOST_TEST(values(0ms) == texts{"v"}, boost::test_tools::per_element());
    BOOST_TEST(values(500ms).empty());
    api.advance(499ms);
    BOOST_TEST(values(500ms).empty());
    api.advance(1ms);
    BOOST_TEST(values(500ms) == texts{"v"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_record_disappears_after_the_delay_and_not_before) {
    create_record("v");
    api.advance(2s);
    api.send("DELETE", "/v2/domains/example.com/records/28448433");
    BOOST_TEST(values(0ms).empty());
    BOOST_TEST(values(500ms) == texts{"v"}, boost::test_tools::per_element());
    api.advance(500ms);
    BOOST_TEST(values(500ms).empty());
}

BOOST_AUTO_TEST_CASE(a_change_replaces_the_old_value_at_once_and_late) {
    create_record("old");
    api.advance(2s);
    api.send("PUT", "/v2/domains/example.com/records/28448433", R"({"data":"new"})");
    BOOST_TEST(values(0ms) == texts{"new"}, boost::test_tools::per_element());
    BOOST_TEST(values(1ms) == texts{"old"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_zone_appears_and_disappears_after_the_delay) {
    BOOST_TEST(values(11s) == texts{"no zone"}, boost::test_tools::per_element());
    api.send("DELETE", "/v2/domains/example.com");
    BOOST_TEST(values(0ms) == texts{"no zone"}, boost::test_tools::per_element());
    BOOST_TEST(values(1ms).empty());
}

BOOST_AUTO_TEST_CASE(what_exists_from_the_start_is_visible_with_every_delay) {
    api.account().create(parsed("start.example"), std::nullopt, from_the_start);
    zone_snapshot const published(api.account(), api.now() - 1h);
    auto const* z = published.zone_of(parsed("a.start.example"));
    BOOST_TEST_REQUIRE(z != nullptr);
    BOOST_TEST(published.records_at(*z, z->name).size() == 4U); // NS and SOA
}

BOOST_AUTO_TEST_CASE(the_serial_number_grows_with_every_change_after_the_delay) {
    auto const with = [](int serial) {
        return "ns1.digitalocean.com. hostmaster.example.com. " + std::to_string(serial) +
               " 10800 3600 604800 1800";
    };
    BOOST_TEST(soa(0ms) == with(1415982609));
    create_record("v");
    BOOST_TEST(soa(0ms) == with(1415982610));
    BOOST_TEST(soa(1ms) == with(1415982609));
    api.send("DELETE", "/v2/domains/example.com/records/28448433");
    BOOST_TEST(soa(0ms) == with(1415982611));
}

BOOST_AUTO_TEST_CASE(the_serial_number_does_not_fall_when_old_records_are_dropped) {
    create_record("v");
    api.send("DELETE", "/v2/domains/example.com/records/28448433");
    api.advance(2h);
    create_record("w");
    BOOST_TEST(api.account().zones().front()->records.size() == 5U);
    BOOST_TEST(soa(0ms).find(" 1415982612 ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_closest_zone_contains_a_name) {
    api.post("/v2/domains", R"({"name":"sub.example.com"})");
    zone_snapshot const published(api.account(), api.now());
    std::pair<std::string, std::string> const examples[] = {
        {"example.com", "example.com"},
        {"a.b.example.com", "example.com"},
        {"sub.example.com", "sub.example.com"},
        {"a.sub.example.com", "sub.example.com"},
        {"badsub.example.com", "example.com"},
    };
    for (auto const& [asked, zone_text] : examples) {
        BOOST_TEST_CONTEXT(asked) {
            BOOST_TEST(published.zone_of(parsed(asked))->name.text() == zone_text);
        }
    }
    BOOST_TEST(published.zone_of(parsed("badexample.com")) == nullptr);
    BOOST_TEST(published.zone_of(parsed("com")) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_zone_file_has_every_type) {
    for (auto const* body : {
             R"({"type":"TXT","name":"t","data":"a \"b\""})",
             R"({"type":"MX","name":"@","data":"mx.a.","priority":10})",
             R"({"type":"CAA","name":"@","data":"ca.a.","flags":128,"tag":"issue"})",
             R"({"type":"SRV","name":"_s._tcp","data":"s.a.","priority":1,"weight":2,"port":3})",
             R"({"type":"CNAME","name":"c","data":"@","ttl":60})",
         })
        BOOST_TEST(api.post("/v2/domains/example.com/records", body).status == 201U);
    auto const file = zone_file(api.account(), *api.account().find(zone_name));
    auto const end = std::string("t.example.com. 1800 IN TXT \"a \\\"b\\\"\"\n"
                                 "example.com. 1800 IN MX 10 mx.a.\n"
                                 "example.com. 1800 IN CAA 128 issue \"ca.a\"\n"
                                 "_s._tcp.example.com. 1800 IN SRV 1 2 3 s.a.\n"
                                 "c.example.com. 60 IN CNAME example.com.\n");
    BOOST_TEST(file.substr(file.find("t.example.com. 1800 IN TXT")) == end);
}

BOOST_AUTO_TEST_SUITE_END()
