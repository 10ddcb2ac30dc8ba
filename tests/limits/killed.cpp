#include "journal/database.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/client_world.hpp"
#include "support/order_client.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::temporary_folder;

namespace {

using texts = std::vector<std::string>;

constexpr int killed = 128 + SIGKILL;

// The system calls that change what others see: files and the network. A process that is killed at
// any other one leaves what it leaves if it is killed at the next of these.
texts const visible_calls{
    "pwrite64",
    "fdatasync",
    "ftruncate",
    "unlink",
    "fchown",
    "mkdir",
    "sendto",
    "sendmsg",
    "write",
};

// A name and the value that certbot's hooks are called with.
struct challenge {
    std::string domain;
    std::string value;
};

std::vector<challenge> const order{{"www.example.com", value_b}, {"example.com", value_a}};

// As this process's hook for the last challenge of an order, or for one before.
user hook_for(user client, std::size_t number) {
    client.with("CERTBOT_DOMAIN", order[number].domain);
    client.with("CERTBOT_VALIDATION", order[number].value);
    client.with("CERTBOT_REMAINING_CHALLENGES", std::to_string(order.size() - number - 1));
    return client;
}

void call_before_the_last(user const& client, std::string const& hook) {
    for (std::size_t i = 0; i + 1 < order.size(); ++i)
        hook_for(client, i).run({"hook", hook});
}

// By a client that is over.
void leave_a_record(user const& admin) {
    auto client = admin;
    client.with("CERTBOT_DOMAIN", "example.com").with("CERTBOT_VALIDATION", value_a);
    client.run_by_another({"hook", "certbot-auth"});
}

void leave_nothing(user const& /*admin*/) {}

void plan(user const& admin) { call_before_the_last(admin, "certbot-auth"); }

void create_and_mark(user const& admin) {
    plan(admin);
    hook_for(admin, order.size() - 1).run({"hook", "certbot-auth"});
    call_before_the_last(admin, "certbot-cleanup");
}

// What is killed, what was done before, and what removes the records that may be left.
struct operation {
    texts line;
    void (*before)(user const& admin);
    texts remedy;
};

texts const cleanup{"cleanup", "example.com", value_a};

// This process, which has called the hooks, lives on: only the age of its records counts.
texts const sweep_by_age{"sweep", "--older-than", "1"};

std::vector<operation> const operations{
    {{"present", "example.com", value_a, "--no-wait"}, leave_nothing, cleanup},
    {cleanup, leave_a_record, cleanup},
    {{"sweep"}, leave_a_record, {"sweep"}},
    {{"hook", "certbot-auth"}, plan, sweep_by_age},
    {{"hook", "certbot-cleanup"}, create_and_mark, sweep_by_age},
};

texts under_strace(std::string const& call, int when, texts const& line) {
    texts all{"strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call};
    auto const number = std::to_string(when);
    all.insert(all.end(), {"-e", "inject=" + call + ":signal=KILL:when=" + number});
    all.insert(all.end(), line.begin(), line.end());
    return all;
}

boost::test_tools::assertion_result strace_can_kill(boost::unit_test::test_unit_id /*test*/) {
    acme_dns01::test::command command;
    command.arguments = under_strace("write", 1, {"sh", "-c", "echo"});
    command.capture = true;
    auto const done = run(command);
    boost::test_tools::assertion_result can_run(done && done->status == killed);
    can_run.message() << "strace is not there or may not trace a process";
    return can_run;
}

// As if the program had been killed some minutes ago: a request that it may have sent cannot arrive
// any more. A file may be without its table yet.
void make_older(std::filesystem::path const& state) {
    std::map<std::string, std::string> const tables{
        {"journal.sqlite", "record"}, {"plans.sqlite", "creation"}};
    for (auto const& [name, table] : tables) {
        if (!std::filesystem::exists(state / name)) continue;
        auto file = acme_dns01::journal::database::open(state / name);
        (void)file.value().execute("UPDATE " + table + " SET since = since - 400000");
    }
}

// A plan is no trace of a record: it says that nothing was asked for.
texts values_with_a_trace(user const& admin) {
    auto values = admin.outstanding("value");
    auto const states = admin.outstanding("state");
    for (std::size_t i = states.size(); i-- > 0;) {
        if (states[i] == "planned") values.erase(values.begin() + std::ptrdiff_t(i));
    }
    return values;
}

// What is wrong after the program was killed, and what still is after the remedy.
std::string wrong_after(
    local_digitalocean const& s,
    user const& admin,
    std::filesystem::path const& state,
    texts const& remedy
) {
    auto const known = values_with_a_trace(admin);
    std::string wrong;
    for (auto const& value : txt_values(s, "example.com")) {
        if (!std::ranges::count(known, value)) wrong += "a record is not in the journal\n";
    }
    make_older(state);
    auto const done = admin.run(remedy);
    if (done.status != 0) wrong += done.err;
    if (!txt_values(s, "example.com").empty()) wrong += "the record is still there\n";
    if (!admin.outstanding("value").empty()) wrong += "the journal still has the record\n";
    return wrong;
}

texts persist(std::string const& what) {
    return {
        "persist",
        what,
        "example.com",
        "--issuer",
        "ca.example",
        "--account-uri",
        "https://ca.example/acct/1",
        "--yes",
    };
}

// What is wrong when a standing record is set once more, and removed.
std::string wrong_after_set(local_digitalocean const& s, user const& admin) {
    std::string wrong;
    auto const again = admin.run(persist("set"));
    if (again.status != 0) wrong += again.err;
    if (txt_values(s, "example.com") != texts{"ca.example; accounturi=https://ca.example/acct/1"})
        wrong += "the record is not there once\n";
    auto const removed = admin.run(persist("remove"));
    if (removed.status != 0) wrong += removed.err;
    if (!txt_values(s, "example.com").empty()) wrong += "a record is left\n";
    return wrong;
}

struct ending {
    int points = 0; // at which it was killed
    std::string wrong;
};

// The operation is killed at each of its calls of this name, every time in a state folder of its
// own.
ending kill_at_each(std::string const& call, operation const& o) {
    local_digitalocean const s(quick());
    ending e;
    for (int when = 1;; ++when) {
        temporary_folder const state("acme-dns01-test");
        user admin(s);
        admin.with("ACME_DNS01_STATE_DIR", state.path());
        o.before(admin);
        texts line{tested::program()};
        line.insert(line.end(), o.line.begin(), o.line.end());
        auto const last = hook_for(admin, order.size() - 1);
        auto const done = last.execute(under_strace(call, when, line));
        auto const place = call + " number " + std::to_string(when) + ": ";
        if (done.status != killed && done.status != 0) e.wrong += place + done.err;
        auto const wrong = wrong_after(s, admin, state.path(), o.remedy);
        if (!wrong.empty()) e.wrong += place + wrong;
        if (done.status != killed) return e;
        ++e.points;
    }
}

// The same for a standing record, up to its first questions to name servers.
ending kill_set_at_each(std::string const& call) {
    constexpr int points_max = 25;
    // Without a delay: the next `set` must not find the record of the one before still served.
    local_digitalocean const s(quick({0.0, 0.0, 0.0}));
    ending e;
    while (e.points < points_max) {
        temporary_folder const state("acme-dns01-test");
        user admin(s);
        admin.with("ACME_DNS01_STATE_DIR", state.path());
        texts line{tested::program()};
        for (auto const& word : persist("set"))
            line.push_back(word);
        auto const done = admin.execute(under_strace(call, e.points + 1, line));
        auto const wrong = wrong_after_set(s, admin);
        if (!wrong.empty())
            e.wrong += call + " number " + std::to_string(e.points + 1) + ": " + wrong;
        if (done.status != killed) return e;
        ++e.points;
    }
    return e;
}

} // namespace

BOOST_AUTO_TEST_SUITE(limits_killed, *boost::unit_test::precondition(strace_can_kill))

BOOST_AUTO_TEST_CASE(whatever_call_it_is_killed_at_nothing_is_forgotten) {
    auto const count = operations.size() * visible_calls.size();
    auto const endings = side_by_side<ending>(count, [&](std::size_t i) {
        auto const& call = visible_calls[i / operations.size()];
        return kill_at_each(call, operations[i % operations.size()]);
    });
    int points = 0;
    for (std::size_t i = 0; i < count; ++i) {
        auto const& line = operations[i % operations.size()].line;
        BOOST_TEST_CONTEXT(line[0] << " " << (line.size() > 1 ? line[1] : "")) {
            BOOST_TEST(endings[i].wrong == "");
        }
        points += endings[i].points;
    }
    BOOST_TEST(points > 100);
    BOOST_TEST_MESSAGE("killed at " << points << " calls");
}

BOOST_AUTO_TEST_CASE(a_hook_that_plans_opens_no_socket_and_flushes_nothing) {
    local_digitalocean const s(quick());
    temporary_folder const folder("acme-dns01-test");
    std::string const file = folder.path() / "calls";
    auto const calls_of = [&](std::string const& hook, std::size_t number) {
        texts line{"strace", "-f", "-o", file, "-e", "trace=execve,prctl,fdatasync,fsync,%network"};
        line.insert(line.end(), {tested::program(), "hook", hook});
        BOOST_TEST(hook_for(user(s), number).execute(line).status == 0);
        std::ifstream calls(file);
        return std::string{std::istreambuf_iterator<char>(calls), {}};
    };
    BOOST_TEST(user(s).run({"status"}).status == 0); // makes the journal
    for (std::string const hook : {"certbot-auth", "certbot-cleanup"}) {
        auto const plan = calls_of(hook, 0);
        BOOST_TEST(plan.find("execve(") != std::string::npos);
        BOOST_TEST(plan.find("socket(") == std::string::npos, plan);
        BOOST_TEST(plan.find("sync(") == std::string::npos, plan);
        auto const is_auth = hook == "certbot-auth";
        auto const planned = is_auth ? texts{"planned"} : texts{"removing", "created"};
        BOOST_TEST(user(s).outstanding("state") == planned);
        // The last one does, and confines itself before.
        auto const work = calls_of(hook, 1);
        BOOST_TEST(work.find("PR_SET_NO_NEW_PRIVS") < work.find("socket("), work);
        BOOST_TEST(work.find("fdatasync(") != std::string::npos);
        auto const done = is_auth ? texts{"created", "created"} : texts();
        BOOST_TEST(user(s).outstanding("state") == done);
    }
}

// After each of the forty calls, or before the first.
BOOST_AUTO_TEST_CASE(a_client_killed_between_any_two_hooks_leaves_nothing_to_miss) {
    constexpr std::size_t names = 20;
    auto const wrong = side_by_side<std::string>(2 * names, [&](std::size_t calls) {
        local_digitalocean const s(quick({0.0, 0.0, 0.0}));
        auto const client = order_client(s, names_of_order(names), static_cast<int>(calls));
        auto const ended = acme_dns01::test::run(client).value();
        auto const planned = calls < names;
        auto told = ended.status == killed ? ended.err : "it was not killed\n";
        if (planned && s.arrived() > 0) told += "a plan has asked for something\n";
        return told + wrong_after(s, user(s), s.state_dir(), {"sweep"});
    });
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        BOOST_TEST_CONTEXT("killed after " << i << " calls") { BOOST_TEST(wrong[i] == ""); }
    }
}

BOOST_AUTO_TEST_CASE(a_standing_record_is_never_doubled_or_lost) {
    auto const endings = side_by_side<ending>(visible_calls.size(), [](std::size_t i) {
        return kill_set_at_each(visible_calls[i]);
    });
    int points = 0;
    for (auto const& e : endings) {
        BOOST_TEST(e.wrong == "");
        points += e.points;
    }
    BOOST_TEST(points > 25);
    BOOST_TEST_MESSAGE("killed at " << points << " calls");
}

BOOST_AUTO_TEST_SUITE_END()
