#include "support/client_world.hpp"
#include "support/tested.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <functional>

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::test::running_command;

namespace {

using texts = std::vector<std::string>;

// Where a command is when the signal comes.
struct stage {
    std::string name;
    texts line;
    std::string slow; // the request that the API takes its time over, or empty
    std::function<bool(local_digitalocean const&, user const&)> is_reached;
};

std::size_t open_requests(local_digitalocean const& s) { return s.arrived() - s.calls().size(); }

texts const present{"present", "example.com", value_a};
texts const cleanup{"cleanup", "example.com", value_a};

std::vector<stage> all_stages() {
    auto const waits_for_the_api = [](auto const& s, auto const&) { return open_requests(s) > 0; };
    auto const waits_for_dns = [](auto const& s, auto const&) { return s.queries().size() > 3; };
    return {
        {"present asks for the zones", present, "GET delay=1", waits_for_the_api},
        {"present creates the record", present, "POST delay=1", waits_for_the_api},
        {"present waits", present, "", waits_for_dns},
        {"cleanup removes the record", cleanup, "DELETE delay=1", waits_for_the_api},
        {"sweep removes the record",
         {"sweep", "--older-than", "0"},
         "DELETE delay=1",
         waits_for_the_api},
    };
}

struct ending {
    bool was_reached = false;
    int status = -1;
    bool is_true = true; // each record that is there is in the journal
    int removed = -1;    // the status of the cleanup that follows
    texts left_at_the_api;
    texts outstanding;
};

ending ending_of(stage const& at, int signal) {
    local_digitalocean s(quick({0.0, 0.0, 600.0}));
    user const admin(s);
    if (at.line != present) {
        auto line = present;
        line.emplace_back("--no-wait");
        admin.run(line);
    }
    s.clear_queries();
    if (!at.slow.empty()) s.inject(acme_dns01::sandbox::parse_fault(at.slow).value());
    acme_dns01::test::command command;
    command.arguments = {tested::program()};
    command.arguments.insert(command.arguments.end(), at.line.begin(), at.line.end());
    command.environment = s.environment();
    command.capture = true;
    auto running = running_command::start(command).value();
    ending e;
    e.was_reached = becomes_true([&] { return at.is_reached(s, admin); });
    running.send_signal(signal);
    e.status = running.wait().status;
    // The API acts upon what has arrived, whoever has gone.
    becomes_true([&] { return open_requests(s) == 0; });
    auto const known = admin.outstanding("value");
    for (auto const& value : txt_values(s, "example.com"))
        e.is_true = e.is_true && std::ranges::count(known, value) == 1;
    e.removed = admin.run(cleanup).status;
    e.left_at_the_api = txt_values(s, "example.com");
    e.outstanding = admin.outstanding("state");
    return e;
}

} // namespace

BOOST_AUTO_TEST_SUITE(integration_interrupted)

BOOST_AUTO_TEST_CASE(a_signal_at_any_stage_leaves_a_journal_that_is_true) {
    auto const stages = all_stages();
    std::vector<int> const signals{SIGINT, SIGTERM};
    auto const count = stages.size() * signals.size();
    auto const endings = side_by_side<ending>(count, [&](std::size_t i) {
        return ending_of(stages[i / signals.size()], signals[i % signals.size()]);
    });
    for (std::size_t i = 0; i < count; ++i) {
        auto const signal = signals[i % signals.size()];
        BOOST_TEST_CONTEXT(stages[i / signals.size()].name << ", signal " << signal) {
            BOOST_TEST(endings[i].was_reached);
            BOOST_TEST(endings[i].status == 128 + signal);
            BOOST_TEST(endings[i].is_true);
            BOOST_TEST(endings[i].removed == 0);
            BOOST_TEST(endings[i].left_at_the_api.empty());
            BOOST_TEST(endings[i].outstanding.empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
