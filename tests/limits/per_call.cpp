#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <regex>

BOOST_AUTO_TEST_SUITE(limits_per_call)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;

namespace {

using texts = std::vector<std::string>;

// The instructions of one call, by valgrind, which counts the same whatever else the machine does.
std::size_t instructions_of(local_digitalocean const& s, texts const& call) {
    command counted;
    counted.arguments = {
        "valgrind",
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        tested::program(),
    };
    counted.arguments.insert(counted.arguments.end(), call.begin(), call.end());
    counted.environment = s.environment();
    counted.environment["CERTBOT_DOMAIN"] = "example.com";
    counted.environment["CERTBOT_VALIDATION"] = value_a;
    counted.environment["CERTBOT_REMAINING_CHALLENGES"] = "1";
    counted.capture = true;
    counted.time_limit = acme_dns01::seconds(120);
    auto const out = acme_dns01::test::run(counted).value();
    BOOST_TEST(out.status == 0, out.err);
    std::smatch found;
    BOOST_TEST_REQUIRE(
        std::regex_search(out.err, found, std::regex("Collected : (\\d+)")), out.err
    );
    return std::stoul(found[1]);
}

} // namespace

// Clients start the program twice for each name.
BOOST_AUTO_TEST_CASE(a_call_takes_no_more_instructions_than_it_did) {
    constexpr double million = 1e6;
    local_digitalocean const s(quick());
    struct {
        texts call;
        double measured; // millions
    } const cases[] = {
        {{"present", "example.com", value_a, "--no-wait"}, 34.4},
        {{"cleanup", "example.com", value_a}, 31.5},
        // It only plans.
        {{"hook", "certbot-auth"}, 9.2},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.call.front()) {
            auto const found = static_cast<double>(instructions_of(s, c.call)) / million;
            BOOST_TEST(found <= 1.1 * c.measured);
            BOOST_TEST_MESSAGE(c.call.front() << ": " << found << " million instructions");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
