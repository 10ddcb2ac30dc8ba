#include "digitalocean/record.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(digitalocean_record_fields)

using namespace acme_dns01;
using namespace acme_dns01::digitalocean;
namespace json = boost::json;

namespace {

dns::name const zone = dns::name::parse("example.com").value();

record_fields fields(std::string type, std::string name, std::string data) {
    record_fields f;
    f.type = std::move(type);
    f.name = std::move(name);
    f.data = std::move(data);
    return f;
}

record_fields caa(std::int64_t flags, std::string tag, std::string data) {
    auto f = fields("CAA", "@", std::move(data));
    f.flags = flags;
    f.tag = std::move(tag);
    return f;
}

record_fields srv() {
    auto f = fields("SRV", "_sip._tcp", "sip.example.com");
    f.priority = 10;
    f.weight = 20;
    f.port = 5060;
    return f;
}

record_fields with_ttl(std::int64_t ttl) {
    auto f = fields("TXT", "@", "x");
    f.ttl = ttl;
    return f;
}

std::string refusal(record_fields const& f) {
    auto const checked = checked_new(f, zone);
    if (checked) return "accepted";
    BOOST_TEST((checked.error().kind == error_kind::usage));
    return checked.error().message;
}

std::string body_of(record_fields const& f) {
    auto const checked = checked_new(f, zone);
    return checked ? json::serialize(to_json(*checked)) : checked.error().message;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_type_is_sent_as_the_api_wants_it) {
    auto mx = fields("mx", "@", "mail.example.com");
    mx.priority = 10;
    struct {
        record_fields given;
        std::string body;
    } const cases[] = {
        {fields("A", "www", "162.10.66.0"), R"({"type":"A","name":"www","data":"162.10.66.0"})"},
        {fields("aaaa", "www", "2001:db8::1"),
         R"({"type":"AAAA","name":"www","data":"2001:db8::1"})"},
        {caa(0, "issue", "letsencrypt.org"),
         R"({"type":"CAA","name":"@","data":"letsencrypt.org.","flags":0,"tag":"issue"})"},
        {caa(128, "iodef", "mailto:a@example.com"),
         R"({"type":"CAA","name":"@","data":"mailto:a@example.com","flags":128,"tag":"iodef"})"},
        {caa(0, "iodef", "https://example.com."),
         R"({"type":"CAA","name":"@","data":"https://example.com","flags":0,"tag":"iodef"})"},
        {caa(0, "issuewild", "ca.example;accounturi=https://ca.example/1"),
         R"({"type":"CAA","name":"@","data":"ca.example;accounturi=https://ca.example/1.",)"
         R"("flags":0,"tag":"issuewild"})"},
        {fields("CNAME", "www", "example.net"),
         R"({"type":"CNAME","name":"www","data":"example.net."})"},
        {fields("CNAME", "www", "@"), R"({"type":"CNAME","name":"www","data":"@"})"},
        {mx, R"({"type":"MX","name":"@","data":"mail.example.com.","priority":10})"},
        {fields("NS", "sub", "ns1.example.net."),
         R"({"type":"NS","name":"sub","data":"ns1.example.net."})"},
        {srv(),
         R"({"type":"SRV","name":"_sip._tcp","data":"sip.example.com.","priority":10,)"
         R"("port":5060,"weight":20})"},
        {with_ttl(30), R"({"type":"TXT","name":"@","data":"x","ttl":30})"},
        {fields("CNAME", "www", "Mail.Example.NET"),
         R"({"type":"CNAME","name":"www","data":"mail.example.net."})"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.body) { BOOST_TEST(body_of(c.given) == c.body); }
    }
}

BOOST_AUTO_TEST_CASE(a_name_may_be_written_in_every_usual_way) {
    struct {
        std::string given;
        std::string sent;
    } const cases[] = {
        {"www", "www"},
        {"www.example.com", "www"},
        {"www.example.com.", "www"},
        {"WWW.Example.Com", "www"},
        {"@", "@"},
        {"example.com", "@"},
        {"example.com.", "@"},
        {"*", "*"},
        {"*.sub", "*.sub"},
        {"_acme-challenge.www", "_acme-challenge.www"},
        {"www.example.net", "www.example.net"}, // below the zone: only a final dot says otherwise
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.given) {
            auto const checked = checked_new(fields("TXT", c.given, "x"), zone);
            BOOST_REQUIRE(checked);
            BOOST_TEST(checked->name.value() == c.sent);
        }
    }
}

BOOST_AUTO_TEST_CASE(wrong_types_foreign_names_and_missing_options_are_refused) {
    auto typed = [](std::string type) {
        record_fields f;
        f.type = std::move(type);
        return f;
    };
    auto unnamed = typed("TXT");
    unnamed.name = "@";
    struct {
        record_fields given;
        std::string message;
    } const cases[] = {
        {{}, "a new record needs --type"},
        {fields("TXT", "www.example.net.", "x"),
         "--name 'www.example.net.' is not within zone example.com"},
        {unnamed, "a new TXT record also needs --data"},
        {typed("soa"), "a new SOA record also needs --name --data"},
        {fields("PTR", "www", "x"), "--type 'PTR' is not a record type at DigitalOcean"},
        {fields("MX", "@", "mail.example.com"), "a new MX record also needs --priority"},
        {fields("SRV", "_sip._tcp", "sip.example.com"),
         "a new SRV record also needs --priority --port --weight"},
        {fields("CAA", "@", "letsencrypt.org"), "a new CAA record also needs --flags --tag"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.message) { BOOST_TEST(refusal(c.given) == c.message); }
    }
}

// The API has rules for them, and its own words for what breaks one.
BOOST_AUTO_TEST_CASE(values_are_left_to_the_api) {
    auto negative = srv();
    negative.weight = -1;
    auto misplaced = fields("A", "www", "192.0.2.1");
    misplaced.priority = 65536;
    struct {
        record_fields given;
        std::string body;
    } const cases[] = {
        {fields("SOA", "@", "x"), R"({"type":"SOA","name":"@","data":"x"})"},
        {fields("A", "www", "2001:db8::1"), R"({"type":"A","name":"www","data":"2001:db8::1"})"},
        {fields("CNAME", "www", "mail"), R"({"type":"CNAME","name":"www","data":"mail"})"},
        {fields("CNAME", "www", "a b.example"),
         R"({"type":"CNAME","name":"www","data":"a b.example"})"},
        {fields("TXT", "www", ""), R"({"type":"TXT","name":"www","data":""})"},
        {caa(256, "isue", ""), R"({"type":"CAA","name":"@","data":"","flags":256,"tag":"isue"})"},
        {negative,
         R"({"type":"SRV","name":"_sip._tcp","data":"sip.example.com.","priority":10,)"
         R"("port":5060,"weight":-1})"},
        {misplaced, R"({"type":"A","name":"www","data":"192.0.2.1","priority":65536})"},
        {with_ttl(29), R"({"type":"TXT","name":"@","data":"x","ttl":29})"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.body) { BOOST_TEST(body_of(c.given) == c.body); }
    }
}

BOOST_AUTO_TEST_CASE(a_change_need_not_be_whole) {
    record_fields f;
    f.ttl = 60;
    BOOST_TEST((checked_change(f, zone, "SRV").value() == f));
    BOOST_TEST((checked_change(f, zone, "SOA").value() == f));
    f.data = "www.example.net";
    BOOST_TEST(checked_change(f, zone, "CNAME").value().data.value() == "www.example.net.");
    BOOST_TEST(checked_change(f, zone, "TXT").value().data.value() == "www.example.net");
    BOOST_TEST(checked_change(f, zone, "CAA").value().data.value() == "www.example.net.");
    f.type = "cname";
    BOOST_TEST(checked_change(f, zone, "TXT").value().data.value() == "www.example.net.");
    f.type = "CAA";
    f.data = "mailto:a@example.net";
    BOOST_TEST(checked_change(f, zone, "").value().data.value() == "mailto:a@example.net");
    f.type = "cname";
    f.name = "www.example.net.";
    BOOST_TEST(!checked_change(f, zone, "CNAME").has_value());
}

BOOST_AUTO_TEST_CASE(a_record_is_recognised_by_what_was_asked_for) {
    record r;
    r.type = "CNAME";
    r.name = "www";
    r.data = "example.net";
    r.ttl = 1800;
    auto const wanted = fields("CNAME", "www", "example.net.");
    BOOST_TEST(is_made_of(r, wanted));
    // The zone's records share what the API makes of their TTLs.
    auto other_ttl = wanted;
    other_ttl.ttl = 60;
    BOOST_TEST(is_made_of(r, other_ttl));
    BOOST_TEST(!is_made_of(r, fields("CNAME", "www", "example.org.")));
    BOOST_TEST(!is_made_of(r, fields("CNAME", "web", "example.net.")));
    BOOST_TEST(!is_made_of(r, fields("NS", "www", "example.net.")));
    r.type = "TXT";
    BOOST_TEST(!is_made_of(r, fields("TXT", "www", "example.net.")));
    auto prioritised = srv();
    record sip;
    sip.type = "SRV";
    sip.name = "_sip._tcp";
    sip.data = "sip.example.com";
    sip.priority = 10;
    sip.weight = 20;
    sip.port = 5061;
    BOOST_TEST(!is_made_of(sip, prioritised));
    sip.port = 5060;
    BOOST_TEST(is_made_of(sip, prioritised));
}

BOOST_AUTO_TEST_SUITE_END()
