#include "sandbox/fault.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sandbox_fault)

using namespace acme_dns01;
using namespace acme_dns01::sandbox;

BOOST_AUTO_TEST_CASE(faults_are_parsed) {
    struct example {
        std::string text;
        fault_action action;
        std::string method;
        std::string path_prefix;
        std::size_t skip;
        std::size_t count;
        double delay;
    };
    using enum fault_action;
    example const examples[] = {
        {"503", answer, "", "", 0, 1, 0},
        {"POST /v2/domains 503 x3", answer, "POST", "/v2/domains", 0, 3, 0},
        {"DELETE 503 +2", answer, "DELETE", "", 2, 1, 0},
        {"/v2/ 503 +2 x*", answer, "", "/v2/", 2, fault::always, 0},
        {"  GET\t/v2   reset-before ", reset_before, "GET", "/v2", 0, 1, 0},
        {"reset-after", reset_after, "", "", 0, 1, 0},
        {"delay=2.5", delay, "", "", 0, 1, 2.5},
        {"delay=0", delay, "", "", 0, 1, 0},
        {"cut-short", cut_short, "", "", 0, 1, 0},
        {"garbage", garbage, "", "", 0, 1, 0},
        {"oversized", oversized, "", "", 0, 1, 0},
        {"slowly", slowly, "", "", 0, 1, 0.01},
        {"slowly=0.5", slowly, "", "", 0, 1, 0.5},
        {"close-after x2", close_after, "", "", 0, 2, 0},
    };
    for (auto const& e : examples) {
        BOOST_TEST_CONTEXT(e.text) {
            auto const f = parse_fault(e.text);
            BOOST_TEST_REQUIRE(f.has_value());
            BOOST_TEST((f->action == e.action));
            BOOST_TEST(f->method == e.method);
            BOOST_TEST(f->path_prefix == e.path_prefix);
            BOOST_TEST(f->skip == e.skip);
            BOOST_TEST(f->count == e.count);
            BOOST_TEST(f->delay.count() == e.delay);
        }
    }
    BOOST_TEST(parse_fault("429")->status == 429U);
    BOOST_TEST(parse_fault("429")->headers.empty());
}

BOOST_AUTO_TEST_CASE(a_status_may_come_with_the_time_to_wait) {
    auto const f = parse_fault("POST /v2/domains 429 retry-after=2 +1 x3").value();
    BOOST_TEST(f.status == 429U);
    BOOST_TEST_REQUIRE(f.headers.size() == 1U);
    BOOST_TEST(f.headers[0].first == "retry-after");
    BOOST_TEST(f.headers[0].second == "2");
    BOOST_TEST(f.skip == 1U);
    BOOST_TEST(f.count == 3U);
}

BOOST_AUTO_TEST_CASE(an_error_says_why_a_text_is_not_a_fault) {
    std::pair<std::string, std::string> const examples[] = {
        {"", "'' is not a fault: it does not say what happens"},
        {"POST /v2", "'POST /v2' is not a fault: it does not say what happens"},
        {"99", "'99' is not a fault: '99' is unknown"},
        {"600", "'600' is not a fault: '600' is unknown"},
        {"503x", "'503x' is not a fault: '503x' is unknown"},
        {"explode", "'explode' is not a fault: 'explode' is unknown"},
        {"delay", "'delay' is not a fault: 'delay' is unknown"},
        {"delay=", "'delay=' is not a fault: 'delay=' is unknown"},
        {"delay=-1", "'delay=-1' is not a fault: 'delay=-1' is unknown"},
        {"delay=nan", "'delay=nan' is not a fault: 'delay=nan' is unknown"},
        {"delay=1e9", "'delay=1e9' is not a fault: 'delay=1e9' is unknown"},
        {"garbage=1", "'garbage=1' is not a fault: 'garbage=1' is unknown"},
        {"503 3", "'503 3' is not a fault: '3' is not a count"},
        {"503 x", "'503 x' is not a fault: 'x' is not a count"},
        {"503 x-1", "'503 x-1' is not a fault: 'x-1' is not a count"},
        {"503 garbage", "'503 garbage' is not a fault: 'garbage' is not a count"},
        {"429 retry-after=", "'429 retry-after=' is not a fault: 'retry-after=' is not valid here"},
        {"429 retry-after=1.5",
         "'429 retry-after=1.5' is not a fault: 'retry-after=1.5' is not valid here"},
        {"429 retry-after=3601",
         "'429 retry-after=3601' is not a fault: 'retry-after=3601' is not valid here"},
        {"garbage retry-after=1",
         "'garbage retry-after=1' is not a fault: 'retry-after=1' is not valid here"},
    };
    for (auto const& [text, message] : examples) {
        BOOST_TEST_CONTEXT(text) {
            auto const f = parse_fault(text);
            BOOST_TEST_REQUIRE(f.has_error());
            BOOST_TEST((f.error().kind == error_kind::usage));
            BOOST_TEST(f.error().message == message);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_fault_happens_count_times_after_skip_requests) {
    fault_list faults;
    faults.add(parse_fault("POST /a 503 +1 x2").value());
    auto const happens = [&](char const* method, char const* target) {
        return faults.next(method, target).has_value();
    };
    BOOST_TEST(!happens("GET", "/a"));
    BOOST_TEST(!happens("POST", "/b/a"));
    BOOST_TEST(!happens("POST", "/a"));
    BOOST_TEST(happens("POST", "/ab"));
    BOOST_TEST(!happens("GET", "/a"));
    BOOST_TEST(happens("POST", "/a"));
    BOOST_TEST(!happens("POST", "/a"));
}

BOOST_AUTO_TEST_CASE(faults_happen_one_after_the_other) {
    fault_list faults;
    faults.add(parse_fault("500").value());
    faults.add(parse_fault("501 +1").value());
    faults.add(parse_fault("502 x*").value());
    std::vector<unsigned> statuses;
    for (int i = 0; i < 5; ++i)
        statuses.push_back(faults.next("GET", "/")->status);
    BOOST_TEST(
        statuses == (std::vector<unsigned>{500, 502, 501, 502, 502}),
        boost::test_tools::per_element()
    );
    faults.clear();
    BOOST_TEST(!faults.next("GET", "/").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
