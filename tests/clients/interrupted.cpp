#include "support/client_world.hpp"
#include "support/hook_clients.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <unistd.h>

using namespace acme_dns01::test;
using acme_dns01::seconds;
using acme_dns01::sandbox::running_command;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

// What is to be seen of a client that was interrupted while it had a record.
struct ending {
    bool had_a_record = false;
    bool left_a_record = false;
    int swept = -1;
    std::string told;
    texts left_at_the_api;
    std::string outstanding;
};

// A group of processes of its own, as a shell at a terminal makes them, that says what it has to
// say to a file: what outlives it does not keep us waiting.
acme_dns01::sandbox::command in_a_group(acme_dns01::sandbox::command command) {
    texts const prefix{"setsid", "sh", "-c", "exec \"$@\" >/dev/null 2>&1", "sh"};
    command.arguments.insert(command.arguments.begin(), prefix.begin(), prefix.end());
    command.capture = false;
    return command;
}

// Asks until it is so, for at most half a minute.
template <class Question>
bool becomes_true(Question question) {
    auto const end = acme_dns01::clock::now() + std::chrono::seconds(30);
    while (acme_dns01::clock::now() < end) {
        if (question()) return true;
        ::usleep(50'000);
    }
    return false;
}

// SIGINT comes from the keyboard and goes to the client and its hook, SIGKILL to the client alone.
void interrupt(running_command const& client, int signal) {
    ::kill(signal == SIGINT ? -client.pid() : client.pid(), signal);
}

// The third name server has nothing for a long time, so that the first hook that waits is at it.
ending ending_of(hook_client const& client, int signal) {
    auto options = quick({0.0, 0.0, 600.0});
    auto const here = new_world(options);
    auto& s = here->s;
    client_task const task{s, here->ca, here->scratch.path(), {"example.com", "www.example.com"}};
    auto command = in_a_group(client.command(task));
    auto const config = here->scratch.path() / "acme-dns01.conf";
    acme_dns01::sandbox::write_private_file(config, "propagation-timeout = 20\n");
    command.environment["ACME_DNS01_CONFIG"] = config;
    auto running = running_command::start(command).value();
    user const admin(s);
    ending e;
    e.had_a_record = becomes_true([&] {
        auto const states = admin.outstanding("state");
        return std::ranges::count(states, "created") > 0;
    });
    interrupt(running, signal);
    running.wait();
    e.left_a_record = !txt_values(s, "example.com").empty();
    auto const swept = admin.run({"sweep"});
    e.swept = swept.status;
    e.told = swept.out + swept.err;
    e.left_at_the_api = txt_values(s, "example.com");
    e.outstanding = admin.run({"status"}).out;
    // What outlives the client.
    ::kill(-running.pid(), SIGKILL);
    return e;
}

void check_interrupted_by(int signal) {
    auto const clients = hook_clients();
    auto const endings = side_by_side<ending>(clients.size(), [&](std::size_t i) {
        return ending_of(clients[i], signal);
    });
    for (std::size_t i = 0; i < clients.size(); ++i) {
        auto const& e = endings[i];
        BOOST_TEST_CONTEXT(clients[i].name << "\n" << e.told) {
            BOOST_TEST(e.had_a_record);
            BOOST_TEST((e.left_a_record || signal != SIGKILL));
            BOOST_TEST(e.swept == 0);
            BOOST_TEST(e.left_at_the_api.empty());
            BOOST_TEST(e.outstanding == "nothing outstanding\n");
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(clients_interrupted)

BOOST_AUTO_TEST_CASE(a_sweep_removes_what_a_killed_client_has_left) {
    check_interrupted_by(SIGKILL);
}

BOOST_AUTO_TEST_CASE(a_sweep_removes_what_an_interrupted_client_has_left) {
    check_interrupted_by(SIGINT);
}

BOOST_AUTO_TEST_SUITE_END()
