#include "digitalocean/answers.hpp"
#include "digitalocean/operation.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(digitalocean_published_examples)

using namespace acme_dns01;
using namespace acme_dns01::digitalocean;
namespace json = boost::json;

// Every example of DigitalOcean's API reference, as requests we make and answers we read.

namespace {

dns::name const zone = dns::name::parse("example.com").value();

struct example {
    operation made;
    std::string request; // method and target
    std::string body;    // JSON, or empty
    unsigned status;
    std::string scope;
};

record_fields www() {
    record_fields fields;
    fields.type = "A";
    fields.name = "www";
    fields.data = "162.10.66.0";
    fields.ttl = 1800;
    return fields;
}

record_fields blog(std::optional<std::string> type) {
    record_fields fields;
    fields.name = "blog";
    fields.type = std::move(type);
    return fields;
}

std::vector<example> examples() {
    auto const domain_of = new_domain{zone, "1.2.3.4"};
    auto const sub = dns::name::parse("sub.example.com").value();
    std::string const records = "/v2/domains/example.com/records";
    return {
        {listing_domains({}), "GET /v2/domains", "", 200, "domain:read"},
        {listing_domains({1, 2}), "GET /v2/domains?page=1&per_page=2", "", 200, "domain:read"},
        {creating_domain(domain_of),
         "POST /v2/domains",
         R"({"name":"example.com","ip_address":"1.2.3.4"})",
         201,
         "domain:create"},
        {creating_domain({zone}),
         "POST /v2/domains",
         R"({"name":"example.com"})",
         201,
         "domain:create"},
        {retrieving_domain(zone), "GET /v2/domains/example.com", "", 200, "domain:read"},
        {deleting_domain(zone), "DELETE /v2/domains/example.com", "", 204, "domain:delete"},
        {listing_records(zone, {}, {}), "GET " + records, "", 200, "domain:read"},
        {listing_records(zone, {{}, "A"}, {}),
         "GET " + records + "?type=A",
         "",
         200,
         "domain:read"},
        {listing_records(zone, {sub, ""}, {}),
         "GET " + records + "?name=sub.example.com",
         "",
         200,
         "domain:read"},
        {listing_records(zone, {sub, "A"}, {1, 2}),
         "GET " + records + "?name=sub.example.com&type=A&page=1&per_page=2",
         "",
         200,
         "domain:read"},
        {creating_record(zone, www()),
         "POST " + records,
         R"({"type":"A","name":"www","data":"162.10.66.0","priority":null,"port":null,)"
         R"("ttl":1800,"weight":null,"flags":null,"tag":null})",
         201,
         "domain:create"},
        {retrieving_record(zone, 3352896), "GET " + records + "/3352896", "", 200, "domain:read"},
        {updating_record(zone, 3352896, blog("CNAME")),
         "PUT " + records + "/3352896",
         R"({"name":"blog","type":"CNAME"})",
         200,
         "domain:update"},
        {updating_record(zone, 3352896, blog({})),
         "PUT " + records + "/3352896",
         R"({"name":"blog"})",
         200,
         "domain:update"},
        {patching_record(zone, 3352896, blog("A")),
         "PATCH " + records + "/3352896",
         R"({"name":"blog","type":"A"})",
         200,
         "domain:update"},
        {deleting_record(zone, 3352896),
         "DELETE " + records + "/3352896",
         "",
         204,
         "domain:delete"},
    };
}

std::string record_text(std::string const& id, std::string const& name, std::string const& data) {
    return R"({"data":")" + data + R"(","flags":null,"id":)" + id + R"(,"name":")" + name +
           R"(","port":null,"priority":null,"tag":null,"ttl":1800,"type":")" +
           (name == "@" && data.starts_with("ns") ? "NS" : "A") + R"(","weight":null})";
}

json::array written(std::vector<record> const& records) {
    json::array list;
    for (auto const& r : records)
        list.push_back(to_json(r));
    return list;
}

std::string complaint(error const& e) { return e.message.substr(e.message.find(": ") + 2); }

} // namespace

BOOST_AUTO_TEST_CASE(requests_are_those_of_the_reference) {
    for (auto const& e : examples()) {
        BOOST_TEST_CONTEXT(e.request) {
            auto const& made = e.made.request;
            BOOST_TEST(made.method + " " + made.target == e.request);
            auto const sent = made.body.empty() ? json::value() : json::parse(made.body);
            auto const expected = e.body.empty() ? json::value() : json::parse(e.body);
            BOOST_TEST(sent == expected);
            BOOST_TEST(e.made.expected == e.status);
            BOOST_TEST(e.made.scope == e.scope);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_list_of_domains) {
    std::string const file =
        R"($ORIGIN example.com.\n$TTL 1800\nexample.com. IN SOA ns1.digitalocean.com. )"
        R"(hostmaster.example.com. 1415982609 10800 3600 604800 1800\nexample.com. 1800 IN NS )"
        R"(ns1.digitalocean.com.\nexample.com. 1800 IN NS ns2.digitalocean.com.\nexample.com. )"
        R"(1800 IN NS ns3.digitalocean.com.\nexample.com. 1800 IN A 1.2.3.4\n)";
    auto const one = R"({"name":"example.com","ttl":1800,"zone_file":")" + file + R"("})";
    auto const answer = R"({"domains":[)" + one + R"(],"links":{},"meta":{"total":1}})";
    auto const read = domains_in(json::parse(answer));
    BOOST_REQUIRE(read);
    BOOST_TEST(read->total == 1);
    BOOST_TEST(read->is_last);
    BOOST_REQUIRE(read->items.size() == 1U);
    BOOST_TEST(json::value(to_json(read->items.front())) == json::parse(one));
    auto const single = domain_in(json::parse(R"({"domain":)" + one + "}"));
    BOOST_TEST(json::value(to_json(single.value())) == json::parse(one));
}

BOOST_AUTO_TEST_CASE(a_created_domain_has_no_zone_file_yet) {
    auto const answer =
        json::parse(R"({"domain":{"name":"example.com","ttl":1800,"zone_file":null}})");
    auto const read = domain_in(answer);
    BOOST_REQUIRE(read);
    BOOST_TEST(json::value(to_json(*read)) == answer.at("domain"));
}

BOOST_AUTO_TEST_CASE(the_list_of_records) {
    auto const answer = json::parse(
        R"({"domain_records":[)" + record_text("28448429", "@", "ns1.digitalocean.com") + "," +
        record_text("28448430", "@", "ns2.digitalocean.com") + "," +
        record_text("28448431", "@", "ns3.digitalocean.com") + "," +
        record_text("28448432", "@", "1.2.3.4") + R"(],"links":{},"meta":{"total":4}})"
    );
    auto const read = records_in(answer);
    BOOST_REQUIRE(read);
    BOOST_TEST(read->total == 4);
    BOOST_TEST(read->is_last);
    BOOST_TEST(json::value(written(read->items)) == answer.at("domain_records"));
}

BOOST_AUTO_TEST_CASE(single_records) {
    for (auto const& text :
         {record_text("28448433", "www", "162.10.66.0"),
          record_text("3352896", "blog", "162.10.66.0")}) {
        BOOST_TEST_CONTEXT(text) {
            auto const read = record_in(json::parse(R"({"domain_record":)" + text + "}"));
            BOOST_REQUIRE(read);
            BOOST_TEST(json::value(to_json(*read)) == json::parse(text));
        }
    }
}

BOOST_AUTO_TEST_CASE(errors) {
    struct {
        unsigned status;
        std::string body;
        error_kind kind;
        std::string said;
    } const cases[] = {
        {401,
         R"({"id":"unauthorized","message":"Unable to authenticate you."})",
         error_kind::unauthorized,
         "Unable to authenticate you."},
        {404,
         R"({"id":"not_found","message":"The resource you requested could not be found."})",
         error_kind::not_found,
         "The resource you requested could not be found."},
        {429,
         R"({"id":"too_many_requests","message":"API rate limit exceeded."})",
         error_kind::rate_limited,
         "API rate limit exceeded."},
        {500,
         R"({"id":"server_error","message":"Unexpected server-side error"})",
         error_kind::server_error,
         "Unexpected server-side error"},
        {400,
         R"({"id":"example_error","message":"some error message"})",
         error_kind::rejected,
         "some error message"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.status) {
            auto const e = failure_of({c.status, {}, c.body}, "asking", "domain:read");
            BOOST_TEST((e.kind == c.kind));
            BOOST_TEST(e.server_said == c.said);
        }
    }
}

BOOST_AUTO_TEST_CASE(more_pages_are_told_by_the_link_to_the_next) {
    auto const page = R"({"domains":[],"meta":{"total":3},"links":{"pages":{
        "first":"https://api.digitalocean.com/v2/images?page=1",
        "prev":"https://api.digitalocean.com/v2/images?page=1",
        "next":"https://api.digitalocean.com/v2/images?page=2",
        "last":"https://api.digitalocean.com/v2/images?page=2"}}})";
    BOOST_TEST(!domains_in(json::parse(page)).value().is_last);
    auto last = json::parse(page);
    last.at("links").at("pages").as_object().erase("next");
    BOOST_TEST(domains_in(last).value().is_last);
}

BOOST_AUTO_TEST_CASE(a_missing_or_mistyped_key_is_named) {
    struct {
        std::string answer;
        std::string message;
    } const cases[] = {
        {"[]", "key 'the answer' is not an object"},
        {R"({"meta":{"total":1}})", "key 'domains' is missing"},
        {R"({"domains":{},"meta":{"total":1}})", "key 'domains' is not a list"},
        {R"({"domains":[]})", "key 'meta' is missing"},
        {R"({"domains":[],"meta":1})", "key 'meta' is not an object"},
        {R"({"domains":[],"meta":{}})", "key 'total' is missing"},
        {R"({"domains":[],"meta":{"total":"1"}})", "key 'total' is not an integer"},
        {R"({"domains":[{"ttl":1}],"meta":{"total":1}})", "key 'name' is missing"},
        {R"({"domains":[7],"meta":{"total":1}})", "key 'domain' is not an object"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.answer) {
            auto const read = domains_in(json::parse(c.answer));
            BOOST_REQUIRE(!read);
            BOOST_TEST((read.error().kind == error_kind::bad_answer));
            BOOST_TEST(complaint(read.error()) == c.message);
        }
    }
    BOOST_TEST(complaint(record_in(json::object()).error()) == "key 'domain_record' is missing");
    BOOST_TEST(complaint(domain_in(json::object()).error()) == "key 'domain' is missing");
}

BOOST_AUTO_TEST_SUITE_END()
