#include "sandbox/temporary_folder.hpp"
#include "support/acme_client.hpp"
#include "support/hook_clients.hpp"
#include "support/user.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <sys/resource.h>

BOOST_AUTO_TEST_SUITE(bench_clients)

namespace json = boost::json;
using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

using texts = std::vector<std::string>;

// A client with something that makes its records, by the name that tests/bench/run gives it.
struct way {
    std::string name;
    std::function<test::command(client_task const&)> command;
    // The time that the client takes by itself: its hook does nothing, and the CA looks for
    // nothing.
    bool is_floor = false;
};

test::command hooked(std::string const& name, client_task const& task) {
    auto const clients = hook_clients();
    return std::ranges::find(clients, name, &hook_client::name)->command(task);
}

test::command certbot_floor(client_task const& task) {
    texts const how{"--manual", "--manual-auth-hook", "true", "--manual-cleanup-hook", "true"};
    return certbot_command(task.s, task.ca, task.folder, how, task.names);
}

test::command certbot_plugin(client_task const& task) {
    auto const how = certbot_plugin_options(task.s, task.folder, 10);
    return certbot_command(task.s, task.ca, task.folder, how, task.names);
}

// The last line of its configuration counts.
test::command dehydrated_floor(client_task const& task) {
    auto command = hooked("dehydrated with HOOK_CHAIN", task);
    std::ofstream(task.folder / "dehydrated.conf", std::ios::app) << "HOOK=/bin/true\n";
    return command;
}

test::command lego_provider(client_task const& task) {
    return lego_provider_command(task.s, task.ca, task.folder, task.names);
}

// acme.sh comes from the PATH. It reads its plugins from its home.
test::command acme_sh(client_task const& task) {
    auto command = hooked("uacme", task); // for the environment and its limits
    auto const home = (task.folder / "acme.sh").string();
    command.arguments = {
        "sh",
        "-ec",
        "mkdir -p \"$0/dnsapi\"; cp \"$1/dns_acmedns01.sh\" \"$0/dnsapi\"; home=$0; shift; "
        "exec acme.sh --home \"$home\" \"$@\"",
        home,
        hooks_folder(),
        "--issue",
        "--server",
        task.ca.directory(),
        "--ca-bundle",
        task.s.ca_file(),
        "--dns",
        "dns_acmedns01",
        "--dnssleep",
        "0"};
    for (auto const& name : task.names)
        command.arguments.insert(command.arguments.end(), {"-d", name});
    return command;
}

std::vector<way> ways() {
    auto const by_hook = [](std::string const& name) {
        return [name](client_task const& task) { return hooked(name, task); };
    };
    return {
        {"certbot", by_hook("certbot")},
        {"certbot-plugin", certbot_plugin},
        {"certbot-floor", certbot_floor, true},
        {"dehydrated", by_hook("dehydrated with HOOK_CHAIN")},
        {"dehydrated-floor", dehydrated_floor, true},
        {"lego", by_hook("lego")},
        {"lego-provider", lego_provider},
        {"acme.sh", acme_sh},
    };
}

// DigitalOcean as it is met: answers after 0.2 s, name servers 0.3, 0.8 and 1.5 s behind.
sandbox::options as_met() {
    auto o = quick({0.3, 0.8, 1.5});
    auto& latency = o.faults.emplace_back();
    latency.action = sandbox::fault_action::delay;
    latency.count = sandbox::fault::always;
    latency.delay = seconds(0.2);
    return o;
}

// Of all children that have ended, and of theirs.
struct use {
    double cpu = 0;  // seconds
    double peak = 0; // MB of the largest of them
};

use use_of_children() {
    rusage all{};
    ::getrusage(RUSAGE_CHILDREN, &all);
    auto const in_seconds = [](timeval const& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    auto const cpu = in_seconds(all.ru_utime) + in_seconds(all.ru_stime);
    return {cpu, static_cast<double>(all.ru_maxrss) * 1024e-6};
}

// What the questions to the name servers were, without the CA's, which go to the resolver.
std::size_t questions_to_name_servers(sandbox::local_digitalocean const& s) {
    std::size_t all = 0;
    for (auto const& q : s.queries())
        if (q.server != "127.0.0.1") all += q.count;
    return all;
}

std::size_t refused_calls(sandbox::local_digitalocean const& s) {
    auto const calls = s.calls();
    return static_cast<std::size_t>(std::ranges::count_if(calls, [](auto const& call) {
        return call.status >= 400;
    }));
}

json::object measured(way const& how, std::size_t count) {
    sandbox::temporary_folder const scratch("acme-dns01-bench");
    sandbox::local_digitalocean s(as_met());
    pebble const ca(
        s,
        scratch.path(),
        std::chrono::days(90),
        how.is_floor ? pebble::validation::always_valid : pebble::validation::real
    );
    texts names;
    for (std::size_t i = 1; i <= count; ++i)
        names.push_back("h" + std::to_string(i) + ".example.com");
    client_task const task{s, ca, scratch.path(), names};
    auto const command = how.command(task);
    auto const before = use_of_children();
    auto const start = acme_dns01::clock::now();
    auto const ended = test::run(command).value();
    auto const took = seconds(acme_dns01::clock::now() - start).count();
    auto const after = use_of_children();
    BOOST_TEST(ended.status == 0, ended.out << ended.err);
    return {
        {"way", how.name},
        {"names", count},
        {"status", ended.status},
        {"seconds", took},
        {"cpu", after.cpu - before.cpu},
        {"peak_mb", after.peak},
        {"calls", s.calls().size()},
        {"refused", refused_calls(s)},
        {"connections", s.connections()},
        {"questions", questions_to_name_servers(s)},
        {"left", txt_values(s, "example.com").size()},
    };
}

} // namespace

// `bench-tests --run_test=bench_clients -- <way> <names> <file>`, for tests/bench/run: one run in a
// process of its own, since the kernel keeps one peak for all children. The file gets one JSON
// object.
BOOST_AUTO_TEST_CASE(one_client_for_so_many_names) {
    auto const& suite = boost::unit_test::framework::master_test_suite();
    BOOST_WARN_MESSAGE(suite.argc == 4, "skipped: tests/bench/run names the client");
    if (suite.argc != 4) return;
    auto const all = ways();
    auto const found = std::ranges::find(all, std::string(suite.argv[1]), &way::name);
    BOOST_TEST_REQUIRE((found != all.end()));
    auto const result = measured(*found, std::stoul(suite.argv[2]));
    std::ofstream(suite.argv[3]) << json::serialize(result) << "\n";
}

BOOST_AUTO_TEST_SUITE_END()
