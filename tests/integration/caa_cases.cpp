#include "base/text.hpp"
#include "support/caa_world.hpp"
#include "support/command.hpp"
#include "support/tested.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <regex>
#include <tuple>

BOOST_AUTO_TEST_SUITE(integration_caa_cases)

using namespace acme_dns01;
using namespace acme_dns01::test;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;
using verdicts = std::map<std::string, json::object>; // by domain

std::string text(json::value const& value) {
    return value.is_string() ? std::string(value.get_string()) : std::string();
}

// One run of the program for all domains of a kind.
verdicts verdicts_on(caa_world const& w, caa_case const& kind, texts const& domains) {
    test::command command;
    command.arguments = {
        tested::program(),
        "caa",
        "check",
        "--json",
        "--issuer",
        kind.issuer,
        "--account-uri",
        kind.account,
        "--method",
        kind.method,
        "--resolver",
        w.resolver(),
        "--trust-anchor",
        w.trust_anchor()};
    std::ranges::copy(domains, std::back_inserter(command.arguments));
    command.capture = true;
    command.time_limit = seconds(120);
    auto const done = test::run(command).value();
    verdicts all;
    auto const told = json::parse(done.out);
    for (auto const& result : told.at("results").get_array())
        all[text(result.at("domain"))] = result.get_object();
    return all;
}

verdicts verdicts_on(caa_world const& w, std::vector<caa_case> const& cases) {
    std::map<std::tuple<std::string, std::string, std::string>, texts> kinds;
    for (auto const& c : cases)
        kinds[{c.issuer, c.account, c.method}].push_back(c.domain);
    verdicts all;
    for (auto const& [kind, domains] : kinds) {
        caa_case asked;
        std::tie(asked.issuer, asked.account, asked.method) = kind;
        all.merge(verdicts_on(w, asked, domains));
    }
    return all;
}

std::string as_told(std::string const& domain) {
    auto const name = lower(domain);
    return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

bool warns_of(json::object const& told, std::string const& part) {
    return std::ranges::any_of(told.at("warnings").get_array(), [&](json::value const& sentence) {
        return text(sentence).find(part) != std::string::npos;
    });
}

void check_case(caa_case const& c, json::object const& told) {
    auto const reason = text(told.at("reason"));
    BOOST_TEST(text(told.at("verdict")) == c.verdict, reason);
    BOOST_TEST(text(told.at("found_at")) == c.found_at, reason);
    if (!c.dnssec.empty()) BOOST_TEST(text(told.at("dnssec")) == c.dnssec, reason);
    if (!c.warning.empty()) {
        BOOST_TEST(warns_of(told, c.warning), json::serialize(told.at("warnings")));
    }
}

// The record, the level and the rule that decided.
void check_reason(json::object const& told) {
    auto const reason = text(told.at("reason"));
    BOOST_TEST(std::regex_search(reason, std::regex("RFC [0-9]+ [0-9]|BR 3\\.2\\.2\\.8")), reason);
    auto const found_at = text(told.at("found_at"));
    BOOST_TEST(reason.find(found_at) != std::string::npos, reason);
    auto const decides = !told.at("records").get_array().empty();
    if (decides) BOOST_TEST(reason.find(" has CAA ") != std::string::npos, reason);
    auto const permitted = text(told.at("verdict")) == "permitted";
    BOOST_TEST(told.at("fix").is_null() == permitted);
}

} // namespace

BOOST_AUTO_TEST_CASE(every_case_has_the_verdict_of_the_ca) {
    auto const cases = read_caa_cases("caa_cases.json");
    caa_world const w(cases);
    auto const told = verdicts_on(w, cases);
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.id << ": " << c.why) {
            auto const found = told.find(as_told(c.domain));
            BOOST_REQUIRE(found != told.end());
            check_case(c, found->second);
            check_reason(found->second);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
