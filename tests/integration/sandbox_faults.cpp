#include "sandbox/local_digitalocean.hpp"
#include "support/sandbox_client.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using test::https_connection;
namespace box = sandbox;

namespace {

constexpr auto records = "/v2/domains/example.com/records";
constexpr auto new_record = R"({"type":"TXT","name":"a","data":"value","ttl":30})";

struct fixture {
    box::local_digitalocean s;
    https_connection connection{s};

    void inject(std::string_view text) { s.inject(box::parse_fault(text).value()); }
    test::http_answer create() { return connection.send("POST", records, new_record); }
    // A client's error if its connection breaks.
    std::string failure() {
        try {
            create();
        } catch (boost::system::system_error const& e) {
            return e.code().message();
        }
        return "none";
    }
    std::size_t created() const { return s.records("example.com").size() - 3; }
    unsigned last_status() const { return s.calls().back().status; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_faults, fixture)

BOOST_AUTO_TEST_CASE(a_status_is_answered_without_acting) {
    inject("POST /v2/domains 503 x2");
    auto const answer = create();
    BOOST_TEST(answer.status == 503U);
    BOOST_TEST(boost::json::parse(answer.body).at("id").as_string() == "service_unavailable");
    BOOST_TEST(created() == 0U);
    BOOST_TEST(connection.send("GET", records).status == 200U);
    BOOST_TEST(create().status == 503U);
    BOOST_TEST(create().status == 201U);
    BOOST_TEST(created() == 1U);
}

BOOST_AUTO_TEST_CASE(a_fault_can_set_the_body_and_headers) {
    s.inject({.status = 429, .body = "slow down", .headers = {{"retry-after", "7"}}});
    auto const answer = create();
    BOOST_TEST(answer.status == 429U);
    BOOST_TEST(answer.body == "slow down");
    BOOST_TEST(answer.headers.at("retry-after") == "7");
}

BOOST_AUTO_TEST_CASE(an_injected_refusal_shows_the_real_rate_limit) {
    inject("429 retry-after=2");
    auto const refused = create();
    BOOST_TEST(refused.headers.at("ratelimit-limit") == "5000");
    BOOST_TEST(refused.headers.at("ratelimit-remaining") == "5000");
    BOOST_TEST(refused.headers.contains("ratelimit-reset"));
    BOOST_TEST(refused.headers.at("retry-after") == "2");
    BOOST_TEST(boost::json::parse(refused.body).at("id").as_string() == "too_many_requests");
    BOOST_TEST(create().headers.at("ratelimit-remaining") == "4999");
}

BOOST_AUTO_TEST_CASE(a_fault_can_override_the_rate_limit_headers) {
    s.inject({.status = 429, .headers = {{"ratelimit-remaining", "0"}}});
    BOOST_TEST(create().headers.at("ratelimit-remaining") == "0");
}

BOOST_AUTO_TEST_CASE(reset_before_does_not_act) {
    inject("reset-before");
    BOOST_TEST(failure() == "Connection reset by peer");
    BOOST_TEST(created() == 0U);
    BOOST_TEST(last_status() == 0U);
}

BOOST_AUTO_TEST_CASE(reset_after_acts) {
    inject("reset-after");
    BOOST_TEST(failure() == "Connection reset by peer");
    BOOST_TEST(created() == 1U);
    BOOST_TEST(last_status() == 201U);
}

BOOST_AUTO_TEST_CASE(a_delayed_request_acts_late) {
    inject("delay=0.2");
    auto const start = clock::now();
    BOOST_TEST(create().status == 201U);
    BOOST_TEST((clock::now() - start >= std::chrono::milliseconds(200)));
}

BOOST_AUTO_TEST_CASE(an_answer_cut_short_is_incomplete) {
    inject("cut-short");
    auto const said = failure();
    BOOST_TEST((said == "partial message" || said == "stream truncated"));
    BOOST_TEST(created() == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_body_is_cut_short_in_its_head) {
    create();
    inject("DELETE cut-short");
    auto const target = std::string(records) + "/28448432";
    BOOST_CHECK_THROW(connection.send("DELETE", target), boost::system::system_error);
    BOOST_TEST(created() == 0U);
}

BOOST_AUTO_TEST_CASE(garbage_is_not_json) {
    inject("garbage");
    auto const answer = create();
    BOOST_TEST(answer.status == 200U);
    BOOST_TEST(answer.body == "<html><body>It works!</body></html>\n");
    BOOST_TEST(created() == 1U);
    BOOST_TEST(last_status() == 201U);
}

BOOST_AUTO_TEST_CASE(an_oversized_answer_has_more_than_8_mebibytes) {
    inject("oversized");
    BOOST_TEST(create().body.size() > 8U * 1024 * 1024);
    BOOST_TEST(create().status == 201U);
}

BOOST_AUTO_TEST_CASE(a_slow_answer_is_complete_in_the_end) {
    inject("slowly=0.0001");
    auto const answer = create();
    BOOST_TEST(answer.status == 201U);
    BOOST_TEST(boost::json::parse(answer.body).at("domain_record").at("name").as_string() == "a");
    BOOST_TEST(create().status == 201U);
}

BOOST_AUTO_TEST_CASE(a_stale_connection_fails_at_its_next_use) {
    inject("close-after");
    auto const answer = create();
    BOOST_TEST(answer.status == 201U);
    BOOST_TEST(!answer.headers.contains("connection"));
    BOOST_TEST(failure() != "none");
    BOOST_TEST(created() == 1U);
    https_connection again(s);
    BOOST_TEST(again.send("GET", records).status == 200U);
}

BOOST_AUTO_TEST_CASE(faults_can_be_cleared) {
    inject("503 x*");
    BOOST_TEST(create().status == 503U);
    s.clear_faults();
    BOOST_TEST(create().status == 201U);
}

BOOST_AUTO_TEST_SUITE_END()
