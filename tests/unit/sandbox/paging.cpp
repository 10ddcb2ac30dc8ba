#include "sandbox/paging.hpp"

#include "support/sandbox_api.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sandbox_paging)

using namespace acme_dns01::sandbox;
namespace json = boost::json;

namespace {

std::string links(std::string_view target_text, std::size_t total) {
    auto const t = target::parse(target_text);
    return json::serialize(page::of(t).links("https://host", t, total));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_target_is_split_and_decoded) {
    auto const t = target::parse("/v2/domains/a%2Eb/records?name=x%26y&page=2&empty=");
    BOOST_TEST((t.segments == std::vector<std::string>{"v2", "domains", "a.b", "records"}));
    BOOST_TEST(t.path() == "/v2/domains/a.b/records");
    BOOST_TEST(t.parameter("name") == "x&y");
    BOOST_TEST(t.parameter("page") == "2");
    BOOST_TEST(t.parameter("empty") == "");
    BOOST_TEST(t.parameter("absent") == "");
}

BOOST_AUTO_TEST_CASE(a_final_slash_is_ignored) {
    BOOST_TEST(
        (target::parse("/v2/domains/?page=2").segments == target::parse("/v2/domains").segments)
    );
    BOOST_TEST(
        links("/v2/domains/?per_page=1&page=2", 2) ==
        R"({"pages":{"first":"https://host/v2/domains?page=1&per_page=1",)"
        R"("prev":"https://host/v2/domains?page=1&per_page=1"}})"
    );
}

BOOST_AUTO_TEST_CASE(a_text_that_is_not_a_target_has_no_segments) {
    for (auto const* text : {"", "v2/domains", "/v2 /domains", "/%zz", "/a\r\nb"}) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(target::parse(text).segments.empty()); }
    }
}

BOOST_AUTO_TEST_CASE(page_and_size_stay_within_their_bounds) {
    struct example {
        std::string query;
        std::size_t number;
        std::size_t size;
    };
    example const examples[] = {
        {"", 1, 20},
        {"?page=3&per_page=200", 3, 200},
        {"?per_page=201", 1, 200},
        {"?per_page=0&page=0", 1, 1},
        {"?per_page=-1&page=x", 1, 20},
        {"?per_page=7x", 1, 20},
        {"?page=99999999999999999999", 1, 20},
        {"?page=18446744073709551615", 1'000'000, 20},
    };
    for (auto const& [query, number, size] : examples) {
        BOOST_TEST_CONTEXT(query) {
            auto const asked = page::of(target::parse("/v2/domains" + query));
            BOOST_TEST(asked.number == number);
            BOOST_TEST(asked.size == size);
        }
    }
}

BOOST_AUTO_TEST_CASE(links_lead_forward_and_back) {
    BOOST_TEST(links("/v2/domains", 0) == "{}");
    BOOST_TEST(links("/v2/domains", 20) == "{}");
    BOOST_TEST(
        links("/v2/domains", 21) ==
        R"({"pages":{"next":"https://host/v2/domains?page=2&per_page=20",)"
        R"("last":"https://host/v2/domains?page=2&per_page=20"}})"
    );
    BOOST_TEST(
        links("/v2/domains?page=2&per_page=10", 21) ==
        R"({"pages":{"first":"https://host/v2/domains?page=1&per_page=10",)"
        R"("prev":"https://host/v2/domains?page=1&per_page=10",)"
        R"("next":"https://host/v2/domains?page=3&per_page=10",)"
        R"("last":"https://host/v2/domains?page=3&per_page=10"}})"
    );
    BOOST_TEST(
        links("/v2/domains?page=9&per_page=10", 21) ==
        R"({"pages":{"first":"https://host/v2/domains?page=1&per_page=10",)"
        R"("prev":"https://host/v2/domains?page=3&per_page=10"}})"
    );
}

BOOST_AUTO_TEST_CASE(links_keep_the_filter) {
    BOOST_TEST(
        links("/v2/domains/a.b/records?type=TXT&name=x.a.b&per_page=1", 2) ==
        R"({"pages":{"next":"https://host/v2/domains/a.b/records)"
        R"(?page=2&per_page=1&type=TXT&name=x.a.b",)"
        R"("last":"https://host/v2/domains/a.b/records?page=2&per_page=1&type=TXT&name=x.a.b"}})"
    );
}

BOOST_AUTO_TEST_CASE(all_pages_together_are_the_whole_listing) {
    acme_dns01::test::sandbox_api api;
    for (int i = 0; i < 45; ++i)
        api.post("/v2/domains", R"({"name":"zone)" + std::to_string(i) + R"(.example"})");
    std::vector<std::string> names;
    for (auto const* target : {"/v2/domains", "/v2/domains?page=2", "/v2/domains?page=3"}) {
        auto const answer = api.get(target);
        BOOST_TEST(answer.body.at("meta").at("total").as_int64() == 45);
        for (auto const& d : answer.body.at("domains").as_array())
            names.emplace_back(d.at("name").as_string().c_str());
    }
    BOOST_TEST_REQUIRE(names.size() == 45U);
    for (std::size_t i = 0; i < names.size(); ++i)
        BOOST_TEST(names[i] == "zone" + std::to_string(i) + ".example");
    BOOST_TEST(api.get("/v2/domains?page=4").body.at("domains").as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()
