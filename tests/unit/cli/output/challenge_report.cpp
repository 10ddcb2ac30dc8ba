#include "cli/output/challenge_report.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::cli;
namespace json = boost::json;
using challenge::server_state;

namespace {

using texts = std::vector<std::string>;

auto const now = std::chrono::system_clock::time_point(std::chrono::hours(400'000));

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

journal::entry record(bool is_created) {
    journal::entry made;
    made.zone = parsed("example.com");
    made.id = 28448446;
    made.fqdn = parsed("_acme-challenge.www.example.com");
    made.value = "gfj9Xq";
    made.is_adopted = !is_created;
    return made;
}

challenge::propagation_report report() {
    challenge::propagation_report r;
    r.complete = true;
    r.elapsed = 1.6203;
    r.servers = {
        {"ns1.digitalocean.com", "173.245.58.51", server_state::serving, 0.41049, 4},
        {"ns2.digitalocean.com", "2400:cb00::1", server_state::unreachable, 1.62, 2},
    };
    return r;
}

challenge::cleaned cleaned() {
    return {{{parsed("example.com"), 7}, {parsed("example.net"), 8}}, {{parsed("example.com"), 9}}};
}

std::vector<journal::entry> outstanding() {
    journal::entry created;
    created.zone = parsed("example.com");
    created.fqdn = parsed("_acme-challenge.example.com");
    created.value = "gfj9Xq";
    created.id = 28448446;
    created.at = journal::state::created;
    created.since = now - std::chrono::milliseconds(61'500);
    journal::entry intended;
    intended.zone = parsed("sub.example.net");
    intended.fqdn = parsed("_acme-challenge.sub.example.net");
    intended.value = "-x";
    intended.since = now + std::chrono::hours(1);
    return {created, intended};
}

json::object
server(char const* name, char const* address, char const* state, double s, int queries) {
    return {
        {"server", name},
        {"address", address},
        {"state", state},
        {"seconds", s},
        {"queries", queries}};
}

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

BOOST_AUTO_TEST_SUITE(cli_report)

BOOST_AUTO_TEST_CASE(a_record_is_an_object_and_a_line) {
    BOOST_TEST(
        json::serialize(to_json(std::vector{record(true)})) ==
        R"([{"zone":"example.com","id":28448446,"name":"_acme-challenge.www",)"
        R"("fqdn":"_acme-challenge.www.example.com","value":"gfj9Xq","created":true}])"
    );
    BOOST_TEST(
        line_for(record(true)) ==
        "_acme-challenge.www.example.com TXT gfj9Xq created as example.com/28448446"
    );
}

BOOST_AUTO_TEST_CASE(an_adopted_record_says_so) {
    auto const list = to_json(std::vector{record(true), record(false)});
    BOOST_REQUIRE(list.size() == 2U);
    BOOST_TEST(list[1].at("created") == json::value(false));
    BOOST_TEST(
        line_for(record(false)) ==
        "_acme-challenge.www.example.com TXT gfj9Xq adopted as example.com/28448446"
    );
    BOOST_TEST(to_json(std::vector<journal::entry>()).empty());
}

BOOST_AUTO_TEST_CASE(propagation_is_an_object_in_milliseconds_and_a_line) {
    json::object const expected{
        {"complete", true},
        {"elapsed", 1.62},
        {"servers",
         {server("ns1.digitalocean.com", "173.245.58.51", "serving", 0.41, 4),
          server("ns2.digitalocean.com", "2400:cb00::1", "unreachable", 1.62, 2)}},
    };
    BOOST_TEST(json::value(to_json(report())) == json::value(expected));
    BOOST_TEST(line_for(report()) == "served by 1 of 2 addresses after 1.62 s");
}

BOOST_AUTO_TEST_CASE(propagation_to_one_address_or_none) {
    auto one = report();
    one.servers.resize(1);
    BOOST_TEST(line_for(one) == "served by 1 of 1 address after 1.62 s");
    one.by_resolvers = true;
    BOOST_TEST(
        line_for(one) == "served by 1 of 1 resolver after 1.62 s: this is what a cache has seen, "
                         "not what a CA will see"
    );
    BOOST_TEST(
        line_for(challenge::propagation_report()) == "served by 0 of 0 addresses after 0.00 s"
    );
    json::object const expected{{"complete", false}, {"elapsed", 0.0}, {"servers", json::array()}};
    BOOST_TEST(json::value(to_json(challenge::propagation_report())) == json::value(expected));
}

BOOST_AUTO_TEST_CASE(what_was_removed_is_an_object_and_lines) {
    BOOST_TEST(
        json::serialize(to_json(cleaned())) ==
        R"({"removed":[{"zone":"example.com","id":7},{"zone":"example.net","id":8}],)"
        R"("already_gone":[{"zone":"example.com","id":9}]})"
    );
    BOOST_TEST(
        lines_for(cleaned()) == (texts{
                                    "example.com/7 removed",
                                    "example.net/8 removed",
                                    "example.com/9 was gone already",
                                }),
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(nothing_removed_is_two_empty_lists_and_a_line) {
    challenge::cleaned const nothing;
    BOOST_TEST(json::serialize(to_json(nothing)) == R"({"removed":[],"already_gone":[]})");
    BOOST_TEST(lines_for(nothing) == texts{"nothing to remove"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_outstanding_is_an_object_and_a_table) {
    json::object const expected{
        {"outstanding",
         {{{"zone", "example.com"},
           {"id", 28448446},
           {"fqdn", "_acme-challenge.example.com"},
           {"value", "gfj9Xq"},
           {"state", "created"},
           {"age", 61.5}},
          {{"zone", "sub.example.net"},
           {"id", nullptr},
           {"fqdn", "_acme-challenge.sub.example.net"},
           {"value", "-x"},
           {"state", "intended"},
           {"age", 0.0}}}},
    };
    BOOST_TEST(json::value(to_json(outstanding(), now)) == json::value(expected));
    BOOST_TEST(
        lines_for(outstanding(), now) ==
            (texts{
                "ZONE                   ID  NAME                             VALUE    AGE  STATE",
                "example.com      28448446  _acme-challenge.example.com      gfj9Xq  62 s  created",
                "sub.example.net         -  _acme-challenge.sub.example.net  -x       0 s  "
                "intended",
            }),
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(the_remedy_names_ids_and_else_domains_and_values) {
    auto const rows = outstanding();
    BOOST_TEST(
        labels_of(rows) == (texts{"example.com/28448446", "_acme-challenge.sub.example.net"}),
        boost::test_tools::per_element()
    );
    auto both = rows;
    both[1].domain = "*.sub.example.net";
    BOOST_TEST(
        remedy_for(both, " --state-dir /srv/acme") ==
        "remove them with `acme-dns01 --state-dir /srv/acme cleanup --id example.com/28448446 "
        "'*.sub.example.net' -x`"
    );
    BOOST_TEST(
        remedy_for({rows[0]}, "") == "remove it with `acme-dns01 cleanup --id example.com/28448446`"
    );
    std::vector<journal::entry> const many(500, rows[0]);
    auto const long_one = remedy_for(many, " --config a");
    BOOST_TEST(long_one.size() < 2000U);
    BOOST_TEST(long_one.ends_with("example.com/28448446`, then see `acme-dns01 --config a status`")
    );
}

BOOST_AUTO_TEST_CASE(nothing_outstanding_is_an_empty_list_and_a_line) {
    BOOST_TEST(
        json::serialize(to_json(std::vector<journal::entry>(), now)) == R"({"outstanding":[]})"
    );
    BOOST_TEST(
        lines_for(std::vector<journal::entry>(), now) == texts{"nothing outstanding"},
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_SUITE_END()

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
    BOOST_TEST(progress_lines(report, {.width = 60}) == progress_lines(report));
    texts const expected{
        "  ns1.digitalocean.com  serving       0.41 s",
        "  ns3.digitalocean.com  unreachable  12.00 s"};
    for (auto const width : {59U, 20U}) {
        BOOST_TEST(
            progress_lines(report, {.width = width}) == expected, boost::test_tools::per_element()
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
    BOOST_TEST(progress_lines(report, {.height = 3}) == expected, boost::test_tools::per_element());
    report.names = 2;
    BOOST_TEST(
        progress_lines(report, {.height = 2}) ==
            (texts{"0 of 2 names are served everywhere, 0.0 s", "  and 2 more"}),
        boost::test_tools::per_element()
    );
    BOOST_TEST(progress_lines(report, {.height = 3}).size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
