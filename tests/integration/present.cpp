#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_present)

namespace json = boost::json;
using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

void settle(json::value& number) { number = number.is_number() ? "a number" : "none"; }

// A JSON answer with what differs from run to run made plain.
json::value settled(std::string const& text) {
    auto value = json::parse(text);
    auto& object = value.get_object();
    if (auto* const rows = object.if_contains("outstanding")) {
        for (auto& row : rows->get_array())
            settle(row.at("age"));
    }
    auto* const propagation = object.if_contains("propagation");
    if (propagation == nullptr || propagation->is_null()) return value;
    settle(propagation->at("elapsed"));
    for (auto& server : propagation->at("servers").get_array()) {
        settle(server.at("seconds"));
        settle(server.at("queries"));
    }
    return value;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_record_is_created_served_listed_and_removed) {
    local_digitalocean const s(quick());
    user const admin(s);

    auto const presented = admin.run({"present", "example.com", value_a, "--json"});
    BOOST_TEST(presented.err == "");
    BOOST_TEST(presented.status == 0);
    auto const expected = json::parse(
        R"({
        "records": [{"zone": "example.com", "id": 28448432, "name": "_acme-challenge",
            "fqdn": "_acme-challenge.example.com", "value": ")" +
        value_a + R"(", "created": true}],
        "propagation": {"complete": true, "elapsed": "a number", "servers": [
            {"server": "ns1.digitalocean.com", "address": "127.53.0.1", "state": "serving",
             "seconds": "a number", "queries": "a number"},
            {"server": "ns2.digitalocean.com", "address": "127.53.0.2", "state": "serving",
             "seconds": "a number", "queries": "a number"},
            {"server": "ns3.digitalocean.com", "address": "127.53.0.3", "state": "serving",
             "seconds": "a number", "queries": "a number"}]}})"
    );
    BOOST_TEST(settled(presented.out) == expected);
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());

    auto const listed = json::parse(
        R"({"outstanding": [{"zone": "example.com", "id": 28448432,
        "fqdn": "_acme-challenge.example.com", "value": ")" +
        value_a + R"(", "state": "created",
        "age": "a number"}]})"
    );
    BOOST_TEST(settled(admin.run({"status", "--json"}).out) == listed);

    auto const removed = admin.run({"cleanup", "example.com", value_a, "--json"});
    BOOST_TEST(
        removed.out == R"({"removed":[{"zone":"example.com","id":28448432}],)"
                       R"("already_gone":[]})"
                       "\n"
    );
    BOOST_TEST(removed.status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(admin.run({"status"}).out == "nothing outstanding\n");
}

BOOST_AUTO_TEST_CASE(the_text_output_has_a_line_per_record_and_one_for_the_wait) {
    local_digitalocean const s(quick());
    user const admin(s);
    auto const presented = admin.run({"present", "*.example.com", value_c, "--no-wait"});
    BOOST_TEST(
        presented.out ==
        "_acme-challenge.example.com TXT " + value_c + " created as example.com/28448432\n"
    );
    auto const waited = admin.run({"wait"});
    BOOST_TEST(waited.out.starts_with("served by 3 of 3 addresses after 0."));
    BOOST_TEST(waited.out.ends_with(" s\n"));
    auto const removed = admin.run({"cleanup", "*.example.com", value_c});
    BOOST_TEST(removed.out == "example.com/28448432 removed\n");
    BOOST_TEST(admin.run({"cleanup", "*.example.com", value_c}).out == "nothing to remove\n");
    BOOST_TEST(admin.run({"wait"}).out == "nothing to wait for\n");
}

BOOST_AUTO_TEST_CASE(with_no_wait_propagation_is_null) {
    local_digitalocean const s(quick());
    auto const out = user(s).run({"present", "example.com", value_a, "--no-wait", "--json"}).out;
    BOOST_TEST(json::parse(out).at("propagation").is_null());
    // One server is asked once, whether the name is an alias.
    BOOST_TEST(
        s.query_count_of(
            "127.53.0.3",
            {
                acme_dns01::dns::name::parse("_acme-challenge.example.com").value(),
                acme_dns01::dns::record_type::txt,
            }
        ) == 0U
    );
}

BOOST_AUTO_TEST_CASE(a_record_of_a_dead_run_is_adopted) {
    local_digitalocean s(quick());
    user const admin(s);
    admin.run({"present", "example.com", value_a, "--no-wait"});
    s.clear_calls();
    auto const again = admin.run({"present", "example.com", value_a, "--no-wait"});
    BOOST_TEST(
        again.out ==
        "_acme-challenge.example.com TXT " + value_a + " adopted as example.com/28448432\n"
    );
    BOOST_TEST(
        calls_of(s) == texts{"GET /v2/domains/example.com/records/28448432 200"}, per_element()
    );
    admin.run({"cleanup", "example.com", value_a});
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(admin.run({"status"}).out == "nothing outstanding\n");
}

BOOST_AUTO_TEST_CASE(a_journalled_record_removed_elsewhere_is_created_again) {
    local_digitalocean s(quick());
    user const admin(s);
    admin.run({"present", "example.com", value_a, "--no-wait"});
    s.remove_record("example.com", 28448432);
    auto const again = admin.run({"present", "example.com", value_a, "--no-wait"});
    BOOST_TEST(
        again.out ==
        "_acme-challenge.example.com TXT " + value_a + " created as example.com/28448433\n"
    );
    auto const removed = admin.run({"cleanup", "example.com", value_a});
    BOOST_TEST(removed.out == "example.com/28448433 removed\n");
}

BOOST_AUTO_TEST_CASE(equal_values_of_a_name_and_its_wildcard_are_two_records) {
    local_digitalocean s(quick());
    user const admin(s);
    admin.run({"present", "example.com", value_a, "*.example.com", value_a});
    BOOST_TEST(txt_values(s, "example.com") == (texts{value_a, value_a}), per_element());
    auto const removed = admin.run({"cleanup", "*.example.com", value_a});
    BOOST_TEST(removed.out == "example.com/28448433 removed\n");
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
    admin.run({"cleanup", "example.com", value_a});
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(each_name_costs_two_calls_plus_one_listing_of_zones) {
    auto options = quick();
    options.domains = {"example.com", "nested.example.com"};
    local_digitalocean s(options);
    user const admin(s);
    texts const pairs{
        "example.com", value_a, "*.example.com", value_b, "www.nested.example.com", value_c};
    texts present{"present"};
    texts cleanup{"cleanup"};
    present.insert(present.end(), pairs.begin(), pairs.end());
    cleanup.insert(cleanup.end(), pairs.begin(), pairs.end());
    BOOST_TEST(admin.run(present).status == 0);
    BOOST_TEST(admin.run(cleanup).status == 0);
    texts const expected{
        "GET /v2/domains?page=1&per_page=200 200",
        "POST /v2/domains/example.com/records 201",
        "POST /v2/domains/example.com/records 201",
        "POST /v2/domains/nested.example.com/records 201",
        "DELETE /v2/domains/example.com/records/28448435 204",
        "DELETE /v2/domains/example.com/records/28448436 204",
        "DELETE /v2/domains/nested.example.com/records/28448437 204",
    };
    BOOST_TEST(calls_of(s) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_challenge_can_stand_at_a_name_of_the_accounts_own) {
    local_digitalocean s(quick());
    user const u(s);
    auto const done = u.run(
        {"present",
         "example.com",
         value_a,
         "--account-uri",
         "https://example.com/acme/acct/ExampleAccount"}
    );
    BOOST_TEST(done.status == 0, done.err);
    BOOST_TEST(
        done.out.starts_with(
            "_ujmmovf2vn55tgye._acme-challenge.example.com TXT " + value_a + " created as "
        ),
        done.out
    );
    BOOST_TEST(s.records("example.com").back().name == "_ujmmovf2vn55tgye._acme-challenge");
    BOOST_TEST(u.run({"cleanup", "example.com", value_a}).status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_SUITE_END()
