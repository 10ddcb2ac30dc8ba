#include "cli/output/progress.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::cli;
using challenge::server_state;

namespace {

using texts = std::vector<std::string>;

challenge::propagation_report many(std::size_t count, std::size_t missing_from) {
    challenge::propagation_report report;
    for (std::size_t i = 0; i < count; ++i) {
        auto const state = i < missing_from ? server_state::serving : server_state::missing;
        report.servers.push_back({"ns" + std::to_string(i), "::1", state, 1, 1});
    }
    return report;
}

std::string server_of(std::string const& line) { return line.substr(2, line.find(' ', 2) - 2); }

} // namespace

BOOST_AUTO_TEST_SUITE(cli_progress)

BOOST_AUTO_TEST_CASE(each_address_has_a_line_of_state_and_seconds) {
    challenge::propagation_report report;
    report.servers = {
        {"ns1.digitalocean.com", "173.245.58.51", server_state::serving, 0.414, 4},
        {"ns2.digitalocean.com", "2400:cb00:2049:1::adf5:3b29", server_state::unasked, 12, 0},
        {"ns3.digitalocean.com", "198.41.222.173", server_state::unreachable, 100.5, 9},
    };
    BOOST_TEST(
        progress_lines(report) ==
            (texts{
                "  ns1.digitalocean.com  173.245.58.51                serving        0.41 s",
                "  ns2.digitalocean.com  2400:cb00:2049:1::adf5:3b29  asking        12.00 s",
                "  ns3.digitalocean.com  198.41.222.173               unreachable  100.50 s",
            }),
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_narrow_terminal_shows_states_and_no_addresses) {
    challenge::propagation_report report;
    report.servers = {
        {"ns1.digitalocean.com", "173.245.58.51", server_state::serving, 0.414, 4},
        {"ns3.digitalocean.com", "198.41.222.173", server_state::unreachable, 12, 9},
    };
    BOOST_TEST(progress_lines(report, lines_max, 60) == progress_lines(report));
    texts const expected{
        "  ns1.digitalocean.com  serving       0.41 s",
        "  ns3.digitalocean.com  unreachable  12.00 s"};
    for (auto const width : {59U, 20U}) {
        BOOST_TEST(
            progress_lines(report, lines_max, width) == expected, boost::test_tools::per_element()
        );
    }
}

BOOST_AUTO_TEST_CASE(several_names_are_summed_up) {
    auto report = many(2, 1);
    report.names = 100;
    report.names_served = 97;
    report.elapsed = 12.345;
    texts const expected{
        "97 of 100 names are served everywhere, 12.3 s", "  ns1  ::1  missing  1.00 s"};
    BOOST_TEST(progress_lines(report) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_servers_are_no_lines) { BOOST_TEST(progress_lines({}).empty()); }

BOOST_AUTO_TEST_CASE(as_many_servers_as_there_are_lines_keep_their_order) {
    auto const lines = progress_lines(many(lines_max, 3));
    BOOST_REQUIRE(lines.size() == lines_max);
    BOOST_TEST(server_of(lines.front()) == "ns0");
    BOOST_TEST(server_of(lines.back()) == "ns15");
}

BOOST_AUTO_TEST_CASE(of_too_many_servers_those_that_do_not_serve_come_first) {
    auto const lines = progress_lines(many(40, 30));
    BOOST_REQUIRE(lines.size() == lines_max);
    texts servers;
    for (auto const& line : lines)
        servers.push_back(server_of(line));
    BOOST_TEST(
        servers == (texts{
                       "ns30",
                       "ns31",
                       "ns32",
                       "ns33",
                       "ns34",
                       "ns35",
                       "ns36",
                       "ns37",
                       "ns38",
                       "ns39",
                       "ns0",
                       "ns1",
                       "ns2",
                       "ns3",
                       "ns4",
                       "and",
                   }),
        boost::test_tools::per_element()
    );
    BOOST_TEST(lines.back() == "  and 25 more");
}

BOOST_AUTO_TEST_CASE(a_low_terminal_has_fewer_lines) {
    auto report = many(5, 3);
    texts const expected{
        "  ns3  ::1  missing  1.00 s", "  ns4  ::1  missing  1.00 s", "  and 3 more"};
    BOOST_TEST(progress_lines(report, 3) == expected, boost::test_tools::per_element());
    report.names = 2;
    BOOST_TEST(
        progress_lines(report, 2) ==
            (texts{"0 of 2 names are served everywhere, 0.0 s", "  and 2 more"}),
        boost::test_tools::per_element()
    );
    BOOST_TEST(progress_lines(report, 3).size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
