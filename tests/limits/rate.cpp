#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;

namespace {

constexpr auto names = 300;

// Runs the command in $1 for h1.example.com to h300.example.com, each in a process of its own,
// eight at a time; every name has a value of its own. Fails where one of them fails.
constexpr auto for_every_name = R"(
    program=$1 command=$2; shift 2
    seq 300 | xargs -P 8 -I N sh -c '
        value=$(printf "%043d" N)
        "$0" "$@" "hN.example.com" "$value" --deadline 200' "$program" "$command" "$@"
)";

acme_dns01::test::outcome
run_for_every_name(local_digitalocean const& s, std::vector<std::string> const& command) {
    acme_dns01::test::command all;
    all.arguments = {"sh", "-c", for_every_name, "sh", tested::program()};
    all.arguments.insert(all.arguments.end(), command.begin(), command.end());
    all.environment = s.environment();
    all.capture = true;
    all.time_limit = acme_dns01::seconds(400);
    return acme_dns01::test::run(all).value();
}

std::size_t calls_with(local_digitalocean const& s, unsigned status) {
    auto const calls = s.calls();
    return static_cast<std::size_t>(
        std::ranges::count(calls, status, &acme_dns01::sandbox::call::status)
    );
}

} // namespace

BOOST_AUTO_TEST_SUITE(limits_rate)

// 250 requests a minute: the 600 and some of 300 names take two minutes and a moment.
BOOST_AUTO_TEST_CASE(three_hundred_names_at_the_published_limits_are_paced_and_not_refused) {
    local_digitalocean const s(quick());
    auto const start = acme_dns01::clock::now();
    auto const made = run_for_every_name(s, {"present", "--no-wait"});
    BOOST_TEST(made.status == 0);
    BOOST_TEST(made.err == "");
    BOOST_TEST(txt_values(s, "example.com").size() == std::size_t{names});
    auto const cleaned = run_for_every_name(s, {"cleanup"});
    auto const took = acme_dns01::seconds(acme_dns01::clock::now() - start).count();
    BOOST_TEST(cleaned.status == 0);
    BOOST_TEST(cleaned.err == "");
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(calls_with(s, 201) == std::size_t{names});
    BOOST_TEST(calls_with(s, 204) == std::size_t{names});
    BOOST_TEST(calls_with(s, 429) == 0U);
    BOOST_TEST(took > 120.0);
    BOOST_TEST(took < 135.0);
    BOOST_TEST_MESSAGE("300 names took " << took << " s");
}

BOOST_AUTO_TEST_SUITE_END()
