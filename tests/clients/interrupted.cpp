#include "support/client_world.hpp"
#include "support/hook_clients.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(clients_interrupted)

using namespace acme_dns01::test;
using acme_dns01::seconds;
using acme_dns01::test::running_command;
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
acme_dns01::test::command in_a_group(acme_dns01::test::command command) {
    texts const prefix{"setsid", "sh", "-c", "exec \"$@\" >/dev/null 2>&1", "sh"};
    command.arguments.insert(command.arguments.begin(), prefix.begin(), prefix.end());
    command.capture = false;
    return command;
}

// SIGINT comes from the keyboard and goes to the client and its hook, SIGKILL to the client alone.
void interrupt(running_command const& client, int signal) {
    ::kill(signal == SIGINT ? -client.pid() : client.pid(), signal);
}

// The third name server has nothing for a long time, so that the first hook that waits is at it.
acme_dns01::sandbox::options one_slow_server() { return quick({0.0, 0.0, 600.0}); }

acme_dns01::test::command
command_of(hook_client const& client, client_world& here, texts const& prefix = {}) {
    client_task const task{
        here.s, here.ca, here.scratch.path(), {"example.com", "www.example.com"}};
    auto command = client.command(task);
    command.arguments.insert(command.arguments.begin(), prefix.begin(), prefix.end());
    command = in_a_group(command);
    auto const config = here.scratch.path() / "acme-dns01.conf";
    acme_dns01::sandbox::write_private_file(config, "propagation-timeout = 20\n");
    command.environment["ACME_DNS01_CONFIG"] = config;
    return command;
}

// All that it will have when a hook waits: interrupted before, a hook may leave us in doubt whether
// its request will still arrive.
bool gets_its_records(hook_client const& client, user const& admin) {
    return becomes_true([&] {
        auto const states = admin.outstanding("state");
        auto const created = static_cast<std::size_t>(std::ranges::count(states, "created"));
        return created >= client.records_at_first_wait;
    });
}

ending ending_of(hook_client const& client, int signal) {
    auto const here = new_world(one_slow_server());
    auto& s = here->s;
    auto running = running_command::start(command_of(client, *here)).value();
    user const admin(s);
    ending e;
    e.had_a_record = gets_its_records(client, admin);
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

// The first child is the client: nothing else is started before.
pid_t first_child_of(pid_t process) {
    auto const id = std::to_string(process);
    std::ifstream children("/proc/" + id + "/task/" + id + "/children");
    pid_t child = 0;
    children >> child;
    return child;
}

struct ending_of_run {
    bool had_a_record = false;
    int status = -1;
    bool is_cleaned_up = false;
    texts left_at_the_api;
};

// `run` starts the client, which is killed while it has a record.
ending_of_run run_and_kill(hook_client const& client) {
    auto const here = new_world(one_slow_server());
    texts const run{"acme-dns01", "run", "--domain", "example.com,www.example.com", "--"};
    auto running = running_command::start(command_of(client, *here, run)).value();
    user const admin(here->s);
    ending_of_run e;
    // At whatever moment: what a hook makes for a client that is gone, it removes itself.
    e.had_a_record = becomes_true([&] { return !admin.outstanding("state").empty(); });
    auto const victim = first_child_of(running.pid());
    if (victim > 0) ::kill(victim, SIGKILL);
    e.status = running.wait().status;
    e.is_cleaned_up = becomes_true([&] { return admin.outstanding("state").empty(); });
    e.left_at_the_api = txt_values(here->s, "example.com");
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

BOOST_AUTO_TEST_CASE(sweep_removes_the_leftovers_of_a_killed_client) {
    check_interrupted_by(SIGKILL);
}

BOOST_AUTO_TEST_CASE(sweep_removes_the_leftovers_of_an_interrupted_client) {
    check_interrupted_by(SIGINT);
}

BOOST_AUTO_TEST_CASE(run_removes_the_leftovers_of_its_killed_client) {
    auto const clients = hook_clients();
    auto const endings = side_by_side<ending_of_run>(clients.size(), [&](std::size_t i) {
        return run_and_kill(clients[i]);
    });
    for (std::size_t i = 0; i < clients.size(); ++i) {
        auto const& e = endings[i];
        BOOST_TEST_CONTEXT(clients[i].name) {
            BOOST_TEST(e.had_a_record);
            BOOST_TEST(e.status == 128 + SIGKILL);
            BOOST_TEST(e.is_cleaned_up);
            BOOST_TEST(e.left_at_the_api.empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
