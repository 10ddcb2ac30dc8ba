#include "base/text.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <regex>

BOOST_AUTO_TEST_SUITE(integration_wait_on_a_terminal)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

using texts = std::vector<std::string>;

// What was on the terminal at each moment, in lines; each picture takes the place of the one
// before.
std::vector<texts> pictures(std::string const& drawn) {
    std::vector<texts> all;
    std::regex const erasure("\x1b\\[([0-9]+)A\x1b\\[J");
    std::sregex_iterator next(drawn.begin(), drawn.end(), erasure);
    auto begin = drawn.begin();
    for (; next != std::sregex_iterator(); ++next) {
        all.push_back(split(std::string(begin, (*next)[0].first), "\n"));
        // It takes away as many lines as there were.
        BOOST_TEST(std::stoul((*next)[1]) == all.back().size());
        begin = (*next)[0].second;
    }
    all.push_back(split(std::string(begin, drawn.end()), "\n"));
    return all;
}

bool is_in(std::string const& line, std::string const& pattern) {
    return std::regex_search(line, std::regex(pattern));
}

bool is_somewhere(std::vector<texts> const& all, std::string const& pattern) {
    return std::ranges::any_of(all, [&](texts const& lines) {
        return std::ranges::any_of(lines, [&](auto const& line) { return is_in(line, pattern); });
    });
}

sandbox::options with_servers(std::size_t count) {
    auto options = quick({0.0, 0.0, 0.8});
    for (auto i = options.name_servers.size() + 1; i <= count; ++i) {
        auto const number = std::to_string(i);
        options.name_servers.push_back(
            {"ns" + number + ".digitalocean.com", {"127.53.0." + number}, seconds(0.8)}
        );
    }
    return options;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_address_has_a_line_that_is_drawn_over_itself) {
    sandbox::local_digitalocean const s(quick({0.0, 0.4, 1.5}));
    terminal const t;
    auto const out = user(s).run_on(t, {"present", "example.com", value_a, "--settle", "0"}, false);
    BOOST_TEST(out.status == 0);
    auto const all = pictures(t.drawn());
    // About ten a second.
    BOOST_TEST(all.size() >= 8U);
    BOOST_TEST(all.size() <= 30U);
    BOOST_TEST(
        is_somewhere(all, "^ns1\\.digitalocean\\.com  127\\.53\\.0\\.1  serving  0\\.[0-9]{2} s$")
    );
    BOOST_TEST(
        is_somewhere(all, "^ns2\\.digitalocean\\.com  127\\.53\\.0\\.2  missing  0\\.[0-9]{2} s$")
    );
    BOOST_TEST(
        is_somewhere(all, "^ns3\\.digitalocean\\.com  127\\.53\\.0\\.3  missing  1\\.[0-9]{2} s$")
    );
    // Gone when there is a result.
    BOOST_TEST(all.back().empty());
}

BOOST_AUTO_TEST_CASE(several_names_have_a_summary_above_the_lagging_servers) {
    sandbox::local_digitalocean const s(quick({0.0, 0.0, 1.0}));
    terminal const t;
    texts line{"present", "--settle", "0"};
    for (auto const* host : {"a", "b", "c"})
        line.insert(line.end(), {std::string(host) + ".example.com", value_a});
    BOOST_TEST(user(s).run_on(t, line, false).status == 0);
    auto const all = pictures(t.drawn());
    texts last;
    for (auto const& lines : all)
        if (lines.size() == 2) last = lines;
    BOOST_REQUIRE(last.size() == 2U);
    BOOST_TEST(is_in(last[0], "^[0-2] of 3 names are served everywhere, [0-9.]+ s$"), last[0]);
    BOOST_TEST(is_in(last[1], "^ns3\\.digitalocean\\.com  127\\.53\\.0\\.3  missing"), last[1]);
}

BOOST_AUTO_TEST_CASE(progress_fits_a_small_terminal) {
    sandbox::local_digitalocean const s(with_servers(12));
    terminal const t(30, 6);
    auto const out = user(s).run_on(t, {"present", "example.com", value_a, "--settle", "0"}, false);
    BOOST_TEST(out.status == 0);
    auto const all = pictures(t.drawn());
    for (auto const& lines : all) {
        BOOST_TEST(lines.size() <= 5U);
        for (auto const& line : lines)
            BOOST_TEST(line.size() < 30U);
    }
    BOOST_TEST(is_somewhere(all, "^and 8 more$"));
    // Those that do not serve have the room.
    BOOST_TEST(is_somewhere(all, "^ns3\\.digital"));
}

BOOST_AUTO_TEST_CASE(an_error_stands_alone_on_the_terminal) {
    sandbox::local_digitalocean const s(quick({0.0, 0.0, 60.0}));
    terminal const t;
    auto const out =
        user(s).run_on(t, {"present", "example.com", value_a, "--propagation-timeout", "1"}, false);
    BOOST_TEST(out.status == 7);
    auto const all = pictures(t.drawn());
    texts const expected{
        "acme-dns01: error: not on every authoritative server after 1.0 s: ns3.digitalocean.com "
        "(127.53.0.3) answered NXDOMAIN for _acme-challenge.example.com",
        "acme-dns01: hint: try again, or allow more time with --propagation-timeout"};
    BOOST_TEST(all.back() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
