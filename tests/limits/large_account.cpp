#include "support/memory_use.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(limits_large_account)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;

namespace {

using texts = std::vector<std::string>;

constexpr std::size_t zones = 5000;
constexpr std::size_t records = 20'000;
constexpr long memory_max = 32L * 1024; // KiB

acme_dns01::sandbox::options large_account() {
    auto options = quick();
    options.limits = {0, 0};
    for (std::size_t i = 1; i < zones; ++i)
        options.domains.push_back("customer-" + std::to_string(i) + ".example");
    for (std::size_t i = 4; i <= records; ++i) {
        acme_dns01::sandbox::given_record given{"example.com", {}};
        given.record.type = "A";
        given.record.name = "host-" + std::to_string(i);
        given.record.data = "192.0.2." + std::to_string(i % 250);
        given.record.ttl = 1800;
        options.records.push_back(given);
    }
    return options;
}

outcome_and_memory run(local_digitalocean const& s, texts const& arguments) {
    auto done = run_measuring_memory(s.environment(), arguments);
    BOOST_TEST(done.err == "");
    return done;
}

std::size_t lines_of(std::string const& text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

} // namespace

BOOST_AUTO_TEST_CASE(challenges_need_few_requests_and_little_memory) {
    local_digitalocean s(large_account());
    texts const pairs{
        "example.com", value_a, "www.example.com", value_b, "a.b.c.customer-77.example", value_c};
    texts present{"present"};
    present.insert(present.end(), pairs.begin(), pairs.end());
    texts cleanup{"cleanup"};
    cleanup.insert(cleanup.end(), pairs.begin(), pairs.end());
    auto const made = run(s, present);
    BOOST_TEST(made.status == 0);
    BOOST_TEST(made.memory < memory_max);
    auto const cleaned = run(s, cleanup);
    BOOST_TEST(cleaned.status == 0);
    BOOST_TEST(cleaned.memory < memory_max);
    BOOST_TEST(s.calls().size() <= 2 * pairs.size() / 2 + 3);
    BOOST_TEST_MESSAGE("present: " << made.memory << " KiB, " << s.calls().size() << " calls");
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(everything_can_be_listed) {
    local_digitalocean const s(large_account());
    struct {
        texts line;
        std::string key;
        std::size_t count;
    } const cases[] = {
        {{"domain", "list", "--all"}, "domains", zones},
        {{"record", "list", "example.com", "--all"}, "domain_records", records},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.key) {
            auto const table = run(s, c.line);
            BOOST_TEST(table.status == 0);
            BOOST_TEST(lines_of(table.out) == c.count + 1);
            BOOST_TEST(table.memory < memory_max);
            auto line = c.line;
            line.emplace_back("--json");
            auto const machine = run(s, line);
            BOOST_TEST(boost::json::parse(machine.out).at(c.key).as_array().size() == c.count);
            BOOST_TEST(machine.memory < memory_max);
            BOOST_TEST_MESSAGE(c.key << ": " << table.memory << ", " << machine.memory << " KiB");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
