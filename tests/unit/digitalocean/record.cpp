#include "digitalocean/record.hpp"

#include "digitalocean/answers.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <vector>

BOOST_AUTO_TEST_SUITE(digitalocean_record)

using namespace acme_dns01;
using namespace acme_dns01::digitalocean;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

std::string complaint(std::string_view why) {
    return "unexpected answer from DigitalOcean: " + std::string(why);
}

record bare(std::string type, std::string name, std::string data) {
    record r;
    r.id = 7;
    r.type = std::move(type);
    r.name = std::move(name);
    r.data = std::move(data);
    return r;
}

json::object whole_record() {
    return json::parse(R"({"id":1,"type":"TXT","name":"a","data":"b","priority":null,"port":null,
        "ttl":30,"weight":null,"flags":null,"tag":null})")
        .as_object();
}

json::object whole_domain() {
    return json::parse(R"({"name":"example.com","ttl":1800,"zone_file":"$ORIGIN example.com."})")
        .as_object();
}

} // namespace

// The records of the API's own documentation.
BOOST_AUTO_TEST_CASE(published_examples_are_written_back_unchanged) {
    texts const examples{
        R"({"data":"ns1.digitalocean.com","flags":null,"id":28448429,"name":"@","port":null,
            "priority":null,"tag":null,"ttl":1800,"type":"NS","weight":null})",
        R"({"data":"ns2.digitalocean.com","flags":null,"id":28448430,"name":"@","port":null,
            "priority":null,"tag":null,"ttl":1800,"type":"NS","weight":null})",
        R"({"data":"ns3.digitalocean.com","flags":null,"id":28448431,"name":"@","port":null,
            "priority":null,"tag":null,"ttl":1800,"type":"NS","weight":null})",
        R"({"data":"1.2.3.4","flags":null,"id":28448432,"name":"@","port":null,
            "priority":null,"tag":null,"ttl":1800,"type":"A","weight":null})",
        R"({"data":"162.10.66.0","flags":null,"id":28448433,"name":"www","port":null,
            "priority":null,"tag":null,"ttl":1800,"type":"A","weight":null})",
        R"({"data":"162.10.66.0","flags":null,"id":3352896,"name":"blog","port":null,
            "priority":null,"tag":null,"ttl":1800,"type":"A","weight":null})",
    };
    for (auto const& example : examples) {
        BOOST_TEST_CONTEXT(example) {
            auto const given = json::parse(example);
            auto const read = record_from_json(given);
            BOOST_REQUIRE(read);
            BOOST_TEST(json::value(to_json(*read)) == given);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_attribute_has_its_own_place) {
    auto const given =
        json::parse(R"({"id":1,"type":"SRV","name":"_sip._tcp","data":"sip","tag":"x",
        "priority":2,"port":3,"ttl":4,"weight":5,"flags":6})");
    record const expected{
        .id = 1,
        .type = "SRV",
        .name = "_sip._tcp",
        .data = "sip",
        .priority = 2,
        .port = 3,
        .ttl = 4,
        .weight = 5,
        .flags = 6,
        .tag = "x",
    };
    BOOST_TEST((record_from_json(given).value() == expected));
    BOOST_TEST(json::value(to_json(expected)) == given);
}

BOOST_AUTO_TEST_CASE(a_record_is_written_with_every_key_in_one_order) {
    BOOST_TEST(
        json::serialize(to_json(bare("TXT", "@", "\"x\\"))) ==
        R"({"id":7,"type":"TXT","name":"@","data":"\"x\\","priority":null,"port":null,"ttl":null,)"
        R"("weight":null,"flags":null,"tag":null})"
    );
}

BOOST_AUTO_TEST_CASE(unknown_keys_are_ignored) {
    auto o = whole_record();
    o["comment"] = {{"new", "in some later version"}};
    auto const r = record_from_json(o);
    BOOST_REQUIRE(r);
    BOOST_TEST(json::value(to_json(*r)) == json::value(whole_record()));
}

BOOST_AUTO_TEST_CASE(what_is_not_required_may_be_missing) {
    auto const r = record_from_json(json::parse(R"({"id":7,"type":"TXT","name":"a"})"));
    BOOST_REQUIRE(r);
    BOOST_TEST((*r == bare("TXT", "a", "")));
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_named) {
    for (std::string const key : {"id", "type", "name"}) {
        BOOST_TEST_CONTEXT(key) {
            auto o = whole_record();
            o.erase(key);
            auto const r = record_from_json(o);
            BOOST_REQUIRE(!r);
            BOOST_TEST((r.error().kind == error_kind::bad_answer));
            BOOST_TEST(r.error().message == complaint("key '" + key + "' is missing"));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_key_of_the_wrong_type_is_named) {
    struct {
        std::string key;
        std::string wanted;
    } const cases[] = {
        {"id", "an integer"},
        {"type", "a string"},
        {"name", "a string"},
        {"data", "a string"},
        {"priority", "an integer"},
        {"port", "an integer"},
        {"ttl", "an integer"},
        {"weight", "an integer"},
        {"flags", "an integer"},
        {"tag", "a string"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.key) {
            auto o = whole_record();
            o[c.key] = true;
            auto const r = record_from_json(o);
            BOOST_REQUIRE(!r);
            BOOST_TEST((r.error().kind == error_kind::bad_answer));
            BOOST_TEST(r.error().message == complaint("key '" + c.key + "' is not " + c.wanted));
        }
    }
}

BOOST_AUTO_TEST_CASE(of_several_faults_the_first_is_told) {
    auto const r = record_from_json(json::parse(R"({"id":"1","ttl":"x"})"));
    BOOST_REQUIRE(!r);
    BOOST_TEST(r.error().message == complaint("key 'id' is not an integer"));
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_neither_record_nor_domain) {
    for (auto const* text : {"null", "[]", "\"domain_record\"", "1"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const r = record_from_json(json::parse(text));
            auto const d = domain_from_json(json::parse(text));
            BOOST_REQUIRE((!r && !d));
            BOOST_TEST(r.error().message == complaint("key 'domain_record' is not an object"));
            BOOST_TEST(d.error().message == complaint("key 'domain' is not an object"));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_domain_is_written_back_unchanged) {
    for (auto const* text :
         {R"({"name":"example.com","ttl":1800,"zone_file":"$ORIGIN example.com.\n$TTL 1800\n"})",
          R"({"name":"example.com","ttl":null,"zone_file":null})"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const given = json::parse(text);
            auto const read = domain_from_json(given);
            BOOST_REQUIRE(read);
            BOOST_TEST(json::value(to_json(*read)) == given);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_fault_of_a_domain_is_named) {
    struct {
        std::string key;
        json::value value;
        std::string why;
    } const cases[] = {
        {"name", nullptr, "key 'name' is missing"},
        {"name", 1, "key 'name' is not a string"},
        {"ttl", "1800", "key 'ttl' is not an integer"},
        {"zone_file", 1, "key 'zone_file' is not a string"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.why) {
            auto o = whole_domain();
            o[c.key] = c.value;
            auto const d = domain_from_json(o);
            BOOST_REQUIRE(!d);
            BOOST_TEST((d.error().kind == error_kind::bad_answer));
            BOOST_TEST(d.error().message == complaint(c.why));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
