#include "support/sandbox_api.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sandbox_api_failures)

using acme_dns01::test::api_error;
using acme_dns01::test::sandbox_api;

namespace {

void check_record_refused(std::string const& body, std::string const& message) {
    BOOST_TEST_CONTEXT(body) {
        sandbox_api api;
        api.create_example();
        auto const answer = api.post("/v2/domains/example.com/records", body);
        BOOST_TEST(answer.status == 422U);
        BOOST_TEST(answer.body == api_error("unprocessable_entity", message));
        BOOST_TEST(api.account().zones().front()->records.size() == 4U);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_wrong_token_changes_nothing) {
    for (auto const* authorization :
         {"", "Bearer", "Bearer ", "Bearer tokem", "bearer token", "token"}) {
        BOOST_TEST_CONTEXT(authorization) {
            sandbox_api api;
            auto const answer =
                api.send("POST", "/v2/domains", R"({"name":"example.com"})", authorization);
            BOOST_TEST(answer.status == 401U);
            BOOST_TEST(answer.body == api_error("unauthorized", "Unable to authenticate you."));
            BOOST_TEST(api.account().zones().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_path_zone_or_record_is_not_found) {
    std::pair<std::string, std::string> const examples[] = {
        {"GET", "/v2/domains/example.net"},
        {"GET", "/v2/domains/sub.example.com"},
        {"DELETE", "/v2/domains/example.net"},
        {"GET", "/v2/domains/example.net/records"},
        {"POST", "/v2/domains/example.net/records"},
        {"GET", "/v2/domains/example.com/records/1"},
        {"GET", "/v2/domains/example.com/records/x"},
        {"GET", "/v2/domains/example.com/records/28448429x"},
        {"PUT", "/v2/domains/example.com/records/1"},
        {"PATCH", "/v2/domains/example.com/records/1"},
        {"DELETE", "/v2/domains/example.com/records/1"},
        {"GET", "/v2/domains/example.com/recordings"},
        {"GET", "/v2/droplets"},
        {"GET", "/v1/domains"},
        {"GET", "/"},
        {"GET", "no target"},
        {"GET", "/v2/domains/bad name"},
        {"GET", "/v2/domains/a..b"},
    };
    for (auto const& [method, target] : examples) {
        BOOST_TEST_CONTEXT(method << " " << target) {
            sandbox_api api;
            api.create_example();
            auto const answer = api.send(method, target, "{}");
            BOOST_TEST(answer.status == 404U);
            BOOST_TEST(
                answer.body ==
                api_error("not_found", "The resource you requested could not be found.")
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(records_that_the_api_rejects) {
    check_record_refused(R"({"name":"a","data":"b"})", "Type can't be blank");
    check_record_refused(R"({"type":"SOA","name":"@","data":"b"})", "Type is invalid");
    check_record_refused(R"({"type":"TXT","data":"b"})", "Name can't be blank");
    check_record_refused(R"({"type":"TXT","name":"","data":"b"})", "Name can't be blank");
    check_record_refused(R"({"type":"TXT","name":"a b","data":"b"})", "Name is invalid");
    check_record_refused(
        R"({"type":"TXT","name":"a.example.net.","data":"b"})", "Name is not within the domain"
    );
    check_record_refused(R"({"type":"TXT","name":"a"})", "Data can't be blank");
    check_record_refused(R"({"type":"TXT","name":"a","data":null})", "Data can't be blank");
    check_record_refused(R"({"type":"TXT","name":"a","data":7})", "data is invalid");
    check_record_refused(R"({"type":"TXT","name":"a","data":"b","ttl":"30"})", "ttl is invalid");
    check_record_refused(
        R"({"type":"TXT","name":"a","data":")" + std::string(513, 'x') + "\"}", "Data is too long"
    );
    check_record_refused(
        R"({"type":"TXT","name":"a","data":"b","ttl":29})",
        "TTL must be greater than or equal to 30"
    );
    check_record_refused(
        R"({"type":"A","name":"a","data":"::1"})", "IP address did not match IPv4 format"
    );
    check_record_refused(
        R"({"type":"A","name":"a","data":"1.2.3.4\u0000"})", "IP address did not match IPv4 format"
    );
    check_record_refused(
        R"({"type":"AAAA","name":"a","data":"1.2.3.4"})", "IP address did not match IPv6 format"
    );
    for (auto const* type : {"CNAME", "NS", "MX", "CAA", "SRV"}) {
        check_record_refused(
            R"({"name":"a","data":"b.c","type":")" + std::string(type) + "\"}",
            "Data needs to end with a dot (.)"
        );
    }
    check_record_refused(R"({"type":"NS","name":"a","data":"b.c.."})", "Data is invalid");
    check_record_refused(R"({"type":"MX","name":"a","data":"b."})", "Priority can't be blank");
    check_record_refused(
        R"({"type":"SRV","name":"a","data":"b.","priority":1,"weight":1})", "Port can't be blank"
    );
    check_record_refused(
        R"({"type":"SRV","name":"a","data":"b.","priority":1,"port":65536})", "Port is out of range"
    );
    check_record_refused(
        R"({"type":"CAA","name":"a","data":"b.","tag":"issue"})", "Flags can't be blank"
    );
    check_record_refused(
        R"({"type":"CAA","name":"a","data":"b.","tag":"issue","flags":256})",
        "Flags is out of range"
    );
    check_record_refused(
        R"({"type":"CAA","name":"a","data":"b.","flags":0})",
        "Tag must be one of issue, issuewild, iodef"
    );
    check_record_refused(
        R"({"type":"CNAME","name":"@","data":"b."})",
        "CNAME records cannot share a name with other records"
    );
}

BOOST_AUTO_TEST_CASE(domains_that_the_api_rejects) {
    std::pair<std::string, std::string> const examples[] = {
        {R"({})", "Name can't be blank"},
        {R"({"name":""})", "Name can't be blank"},
        {R"({"name":"com"})", "Name is invalid"},
        {R"({"name":"a b.com"})", "Name is invalid"},
        {R"({"name":"EXAMPLE.com"})", "name already exists"},
        {R"({"name":"example.net","ip_address":"1.2.3"})", "ip_address is invalid"},
        {R"({"name":"example.net","ip_address":7})", "ip_address is invalid"},
    };
    for (auto const& [body, message] : examples) {
        BOOST_TEST_CONTEXT(body) {
            sandbox_api api;
            api.create_example();
            auto const answer = api.post("/v2/domains", body);
            BOOST_TEST(answer.status == 422U);
            BOOST_TEST(answer.body == api_error("unprocessable_entity", message));
            BOOST_TEST(api.account().zones().size() == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_body_that_is_not_a_json_object_is_a_bad_request) {
    for (auto const* body : {"", "{", "[]", "7", R"({"type":"TXT"}x)"}) {
        BOOST_TEST_CONTEXT(body) {
            sandbox_api api;
            api.create_example();
            BOOST_TEST(api.post("/v2/domains/example.com/records", body).status == 400U);
            BOOST_TEST(api.post("/v2/domains", body).status == 400U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_token_is_limited_to_its_scopes) {
    struct example {
        std::string scope;
        std::string method;
        std::string target;
        bool allowed;
    };
    std::string const domains = "/v2/domains";
    std::string const domain = "/v2/domains/example.com";
    std::string const records = "/v2/domains/example.com/records";
    std::string const record = "/v2/domains/example.com/records/28448432";
    example const examples[] = {
        {"domain:read", "GET", domains, true},      {"domain:update", "GET", domains, false},
        {"domain:create", "POST", domains, true},   {"domain:update", "POST", domains, false},
        {"domain:read", "GET", domain, true},       {"domain:create", "GET", domain, false},
        {"domain:delete", "DELETE", domain, true},  {"domain:update", "DELETE", domain, false},
        {"domain:read", "GET", records, true},      {"domain:delete", "GET", records, false},
        {"domain:create", "POST", records, true},   {"domain:update", "POST", records, true},
        {"domain:read", "POST", records, false},    {"domain:delete", "POST", records, false},
        {"domain:read", "GET", record, true},       {"domain:update", "GET", record, false},
        {"domain:update", "PUT", record, true},     {"domain:create", "PUT", record, false},
        {"domain:update", "PATCH", record, true},   {"domain:create", "PATCH", record, false},
        {"domain:delete", "DELETE", record, true},  {"domain:update", "DELETE", record, true},
        {"domain:create", "DELETE", record, false}, {"domain:read", "DELETE", record, false},
    };
    for (auto const& e : examples) {
        BOOST_TEST_CONTEXT(e.scope << " " << e.method << " " << e.target) {
            sandbox_api api({e.scope});
            auto const name = acme_dns01::dns::name::parse("example.com").value();
            api.account().create(name, "1.2.3.4", api.now());
            auto const answer = api.send(e.method, e.target, "{}");
            BOOST_TEST((answer.status != 403U) == e.allowed);
            if (e.allowed) continue;
            BOOST_TEST(
                answer.body ==
                api_error("forbidden", "You are not authorized to perform this operation")
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(every_answer_shows_the_rate_limit) {
    sandbox_api api;
    auto const first = api.get("/v2/domains");
    BOOST_TEST(first.header("ratelimit-limit") == "5000");
    BOOST_TEST(first.header("ratelimit-remaining") == "4999");
    BOOST_TEST(first.header("ratelimit-reset") == std::to_string(1415982609 + 3600));
    BOOST_TEST(first.header("retry-after") == "");
    BOOST_TEST(api.get("/v2/domains/none").header("ratelimit-remaining") == "4998");
    BOOST_TEST(api.send("GET", "/", "", "").header("ratelimit-remaining") == "4998");
}

BOOST_AUTO_TEST_CASE(above_the_rate_limit_nothing_changes) {
    sandbox_api api({}, {10, 2});
    api.get("/v2/domains");
    BOOST_TEST(api.get("/v2/domains").status == 200U);
    auto const refused = api.post("/v2/domains", R"({"name":"example.com"})");
    BOOST_TEST(refused.status == 429U);
    BOOST_TEST(refused.body == api_error("too_many_requests", "API rate limit exceeded."));
    BOOST_TEST(refused.header("ratelimit-remaining") == "0");
    BOOST_TEST(refused.header("retry-after") == "60");
    BOOST_TEST(api.account().zones().empty());
    BOOST_TEST(api.send("GET", "/v2/domains", "", "").header("retry-after") == "");
    api.advance(std::chrono::seconds(60));
    BOOST_TEST(api.get("/v2/domains").status == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
