#include "cli/output/check_report.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(output_check_report)

using namespace acme_dns01;
using namespace acme_dns01::preflight;

namespace {

std::string shown(findings const& all) {
    std::string text;
    for (auto const& line : cli::lines_for(all, false))
        text += line.text + "\n";
    return text;
}

// The same for each of these domains, and an account that all is well with.
findings of_each(std::vector<std::string> const& domains, findings const& found) {
    findings all;
    for (auto const& domain : domains) {
        for (auto const& f : about(domain, found))
            all.push_back(f);
    }
    all.push_back(well(check_id::token, "the token is accepted"));
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_domains_have_in_common_is_told_once) {
    findings const found{
        well(check_id::name, "it is good"),
        wrong(
            check_id::servers, error_kind::dns_failure, "ns1 does not answer", "no answer", "ask it"
        ),
    };
    auto const all = of_each({"a.example", "b.example"}, found);
    BOOST_TEST(
        shown(all) == "a.example\n"
                      "  ok       name\n"
                      "  error    servers     ns1 does not answer\n"
                      "                       no answer\n"
                      "                       to do: ask it\n"
                      "b.example\n"
                      "  ok       name\n"
                      "  error    servers     as for a.example\n"
                      "account and host\n"
                      "  ok       token\n"
                      "1 error, 0 warnings\n"
    );
    BOOST_TEST(cli::outcome_of(all).error().message == "1 problem was found");
    BOOST_TEST(cli::to_json(all).at("findings").as_array().size() == 5U);
}

BOOST_AUTO_TEST_CASE(checks_that_were_not_made_share_a_line) {
    constexpr auto why = "no zone is known for it";
    findings const found{
        wrong(check_id::zone, error_kind::zone_not_found, "no zone holds it", "", "add one"),
        not_checked(check_id::delegation, why, check_id::zone),
        not_checked(check_id::servers, why, check_id::zone),
    };
    BOOST_TEST(
        shown(of_each({"a.example"}, found)) ==
        "a.example\n"
        "  error    zone        no zone holds it\n"
        "                       to do: add one\n"
        "  skipped  delegation, servers: no zone is known for it\n"
        "account and host\n"
        "  ok       token\n"
        "1 error, 0 warnings\n"
    );
}

BOOST_AUTO_TEST_SUITE_END()
