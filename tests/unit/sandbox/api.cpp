#include "support/sandbox_api.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sandbox_api_answers)

using acme_dns01::test::sandbox_api;
namespace json = boost::json;

namespace {

// Whole answers out of DigitalOcean's API reference; where two of its examples do not fit together
// (one blog.example.com has an id that no other one has), the ids are those that follow.

constexpr auto zone_file =
    R"("$ORIGIN example.com.\n$TTL 1800\nexample.com. IN SOA ns1.digitalocean.com. )"
    R"(hostmaster.example.com. 1415982609 10800 3600 604800 1800\n)"
    R"(example.com. 1800 IN NS ns1.digitalocean.com.\n)"
    R"(example.com. 1800 IN NS ns2.digitalocean.com.\n)"
    R"(example.com. 1800 IN NS ns3.digitalocean.com.\n)"
    R"(example.com. 1800 IN A 1.2.3.4\n")";

std::string
record(std::int64_t id, std::string_view type, std::string_view name, std::string_view data) {
    return R"({"data":")" + std::string(data) + R"(","flags":null,"id":)" + std::to_string(id) +
           R"(,"name":")" + std::string(name) +
           R"(","port":null,"priority":null,"tag":null,"ttl":1800,"type":")" + std::string(type) +
           R"(","weight":null})";
}

void check(acme_dns01::test::api_answer const& answer, unsigned status, std::string const& body) {
    BOOST_TEST(answer.status == status);
    BOOST_TEST(answer.body == json::parse(body));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_domain_is_created) {
    sandbox_api api;
    auto const answer = api.post("/v2/domains", R"({"name":"example.com","ip_address":"1.2.3.4"})");
    check(answer, 201, R"({"domain":{"name":"example.com","ttl":1800,"zone_file":null}})");
}

BOOST_AUTO_TEST_CASE(a_domain_is_retrieved_with_its_zone_file) {
    sandbox_api api;
    api.create_example();
    check(
        api.get("/v2/domains/example.com"),
        200,
        R"({"domain":{"name":"example.com","ttl":1800,"zone_file":)" + std::string(zone_file) + "}}"
    );
}

BOOST_AUTO_TEST_CASE(domains_are_listed_with_their_zone_files) {
    sandbox_api api;
    api.create_example();
    check(
        api.get("/v2/domains"),
        200,
        R"({"domains":[{"name":"example.com","ttl":1800,"zone_file":)" + std::string(zone_file) +
            R"(}],"links":{},"meta":{"total":1}})"
    );
}

BOOST_AUTO_TEST_CASE(a_domain_is_deleted) {
    sandbox_api api;
    api.create_example();
    auto const answer = api.send("DELETE", "/v2/domains/example.com");
    BOOST_TEST(answer.status == 204U);
    BOOST_TEST(answer.body.is_null());
    BOOST_TEST(api.get("/v2/domains/example.com").status == 404U);
    check(api.get("/v2/domains"), 200, R"({"domains":[],"links":{},"meta":{"total":0}})");
}

BOOST_AUTO_TEST_CASE(records_are_listed) {
    sandbox_api api;
    api.create_example();
    check(
        api.get("/v2/domains/example.com/records"),
        200,
        R"({"domain_records":[)" + record(28448429, "NS", "@", "ns1.digitalocean.com") + "," +
            record(28448430, "NS", "@", "ns2.digitalocean.com") + "," +
            record(28448431, "NS", "@", "ns3.digitalocean.com") + "," +
            record(28448432, "A", "@", "1.2.3.4") + R"(],"links":{},"meta":{"total":4}})"
    );
}

BOOST_AUTO_TEST_CASE(a_record_is_created_and_retrieved) {
    sandbox_api api;
    api.create_example();
    auto const created = api.post(
        "/v2/domains/example.com/records",
        R"({"type":"A","name":"www","data":"162.10.66.0","priority":null,"port":null,"ttl":1800,)"
        R"("weight":null,"flags":null,"tag":null})"
    );
    auto const body = R"({"domain_record":)" + record(28448433, "A", "www", "162.10.66.0") + "}";
    check(created, 201, body);
    check(api.get("/v2/domains/example.com/records/28448433"), 200, body);
}

BOOST_AUTO_TEST_CASE(put_and_patch_change_the_given_fields_and_never_the_type) {
    std::pair<std::string, std::string> const examples[] = {
        {"PUT", R"({"name":"blog"})"},
        {"PUT", R"({"name":"blog","type":"CNAME"})"},
        {"PATCH", R"({"name":"blog","type":"A"})"},
    };
    for (auto const& [method, body] : examples) {
        BOOST_TEST_CONTEXT(method << " " << body) {
            sandbox_api api;
            api.create_example();
            api.post(
                "/v2/domains/example.com/records",
                R"({"type":"A","name":"www","data":"162.10.66.0"})"
            );
            auto const target = "/v2/domains/example.com/records/28448433";
            auto const wanted =
                R"({"domain_record":)" + record(28448433, "A", "blog", "162.10.66.0") + "}";
            check(api.send(method, target, body), 200, wanted);
            check(api.get(target), 200, wanted);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_record_is_deleted_once) {
    sandbox_api api;
    api.create_example();
    auto const target = "/v2/domains/example.com/records/28448432";
    auto const answer = api.send("DELETE", target);
    BOOST_TEST(answer.status == 204U);
    BOOST_TEST(answer.body.is_null());
    BOOST_TEST(api.send("DELETE", target).status == 404U);
}

BOOST_AUTO_TEST_CASE(names_are_returned_relative_and_hosts_without_the_final_dot) {
    struct example {
        std::string sent;
        std::string name;
        std::string data;
    };
    example const examples[] = {
        {R"({"type":"TXT","name":"_acme-challenge.www","data":"v"})", "_acme-challenge.www", "v"},
        {R"({"type":"TXT","name":"_acme-challenge.example.com.","data":"v"})",
         "_acme-challenge",
         "v"},
        {R"({"type":"TXT","name":"example.com.","data":"v"})", "@", "v"},
        {R"({"type":"TXT","name":"@","data":"v"})", "@", "v"},
        {R"({"type":"TXT","name":"www.example.com","data":"v"})", "www.example.com", "v"},
        {R"({"type":"TXT","name":"quoted","data":"\"v\" ; w"})", "quoted", "\"v\" ; w"},
        {R"({"type":"TXT","name":"WWW","data":"MixedCase"})", "www", "MixedCase"},
        {R"({"type":"CNAME","name":"*.a","data":"b.example.net."})", "*.a", "b.example.net"},
        {R"({"type":"CNAME","name":"a","data":"@"})", "a", "@"},
        {R"({"type":"AAAA","name":"a","data":"::1"})", "a", "::1"},
        {R"({"type":"MX","name":"@","data":"mx.example.net.","priority":10})",
         "@",
         "mx.example.net"},
        {R"({"type":"CAA","name":"@","data":"letsencrypt.org.","flags":0,"tag":"issue"})",
         "@",
         "letsencrypt.org"},
        {R"({"type":"CAA","name":"@","data":"mailto:a@b.example","flags":0,"tag":"iodef"})",
         "@",
         "mailto:a@b.example"},
        {R"({"type":"SRV","name":"_a._tcp","data":"b.c.","priority":1,"port":2,"weight":3})",
         "_a._tcp",
         "b.c"},
    };
    for (auto const& [sent, name, data] : examples) {
        BOOST_TEST_CONTEXT(sent) {
            sandbox_api api;
            api.create_example();
            auto const answer = api.post("/v2/domains/example.com/records", sent);
            BOOST_TEST_REQUIRE(answer.status == 201U);
            auto const& r = answer.body.at("domain_record");
            BOOST_TEST(r.at("name").as_string() == name);
            BOOST_TEST(r.at("data").as_string() == data);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_change_without_data_keeps_a_host) {
    sandbox_api api;
    api.create_example();
    api.post("/v2/domains/example.com/records", R"({"type":"CNAME","name":"a","data":"b.c."})");
    auto const answer =
        api.send("PATCH", "/v2/domains/example.com/records/28448433", R"({"ttl":60})");
    BOOST_TEST_REQUIRE(answer.status == 200U);
    BOOST_TEST(answer.body.at("domain_record").at("data").as_string() == "b.c");
    BOOST_TEST(answer.body.at("domain_record").at("ttl").as_int64() == 60);
}

BOOST_AUTO_TEST_CASE(creating_the_same_record_twice_makes_two_records) {
    sandbox_api api;
    api.create_example();
    auto const body = R"({"type":"TXT","name":"a","data":"v","ttl":30})";
    auto const first = api.post("/v2/domains/example.com/records", body);
    auto const second = api.post("/v2/domains/example.com/records", body);
    BOOST_TEST(first.body.at("domain_record").at("id").as_int64() == 28448433);
    BOOST_TEST(second.body.at("domain_record").at("id").as_int64() == 28448434);
}

BOOST_AUTO_TEST_CASE(records_are_filtered_by_their_whole_name_and_type) {
    sandbox_api api;
    api.create_example();
    for (auto const* name : {"_acme-challenge", "_acme-challenge.www"}) {
        api.post(
            "/v2/domains/example.com/records",
            R"({"type":"TXT","data":"v","name":")" + std::string(name) + "\"}"
        );
    }
    std::pair<std::string, std::size_t> const examples[] = {
        {"?type=TXT", 2},
        {"?type=NS", 3},
        {"?type=txt", 0},
        {"?name=_acme-challenge.example.com", 1},
        {"?name=_acme-challenge", 0},
        {"?name=_acme-challenge.example.com.", 0},
        {"?name=example.com", 4},
        {"?type=A&name=example.com", 1},
        {"?type=TXT&name=example.com", 0},
        {"?name=%5Facme-challenge.www.example.com&type=TXT", 1},
    };
    for (auto const& [query, count] : examples) {
        BOOST_TEST_CONTEXT(query) {
            auto const answer = api.get("/v2/domains/example.com/records" + query);
            BOOST_TEST(answer.status == 200U);
            BOOST_TEST(answer.body.at("domain_records").as_array().size() == count);
            BOOST_TEST(answer.body.at("meta").at("total").as_int64() == std::int64_t(count));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_zone_within_a_zone_is_separate) {
    sandbox_api api;
    api.create_example();
    BOOST_TEST(api.post("/v2/domains", R"({"name":"sub.example.com"})").status == 201U);
    BOOST_TEST(
        api.get("/v2/domains/sub.example.com/records").body.at("meta").at("total").as_int64() == 3
    );
    BOOST_TEST(
        api.get("/v2/domains/example.com/records").body.at("meta").at("total").as_int64() == 4
    );
}

BOOST_AUTO_TEST_SUITE_END()
