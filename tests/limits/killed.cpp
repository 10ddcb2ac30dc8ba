#include "journal/database.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/client_world.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>

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

// What is killed, and what removes the record that it may have left.
struct operation {
    texts line;
    texts remedy;
};

texts const cleanup{"cleanup", "example.com", value_a};

std::vector<operation> const operations{
    {{"present", "example.com", value_a, "--no-wait"}, cleanup},
    {cleanup, cleanup},
    {{"sweep"}, {"sweep"}},
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

// By a client that is over.
void leave_a_record(user const& admin) {
    auto client = admin;
    client.with("CERTBOT_DOMAIN", "example.com").with("CERTBOT_VALIDATION", value_a);
    client.with("CERTBOT_REMAINING_CHALLENGES", "1");
    client.run_by_another({"hook", "certbot-auth"});
}

// As if the program had been killed some minutes ago: a request that it may have sent cannot arrive
// any more. The journal may be without its table yet.
void make_older(std::filesystem::path const& state) {
    auto const file = state / "journal.sqlite";
    if (!std::filesystem::exists(file)) return;
    auto journal = acme_dns01::journal::database::open(file);
    (void)journal.value().execute("UPDATE record SET since = since - 400000");
}

// What is wrong after the program was killed, and what still is after the remedy.
std::string wrong_after(
    local_digitalocean const& s,
    user const& admin,
    std::filesystem::path const& state,
    operation const& o
) {
    auto const known = admin.outstanding("value");
    std::string wrong;
    for (auto const& value : txt_values(s, "example.com")) {
        if (!std::ranges::count(known, value)) wrong += "a record is not in the journal\n";
    }
    make_older(state);
    auto const done = admin.run(o.remedy);
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
        if (o.line != operations[0].line) leave_a_record(admin);
        texts line{tested::program()};
        line.insert(line.end(), o.line.begin(), o.line.end());
        auto const done = admin.execute(under_strace(call, when, line));
        auto const place = call + " number " + std::to_string(when) + ": ";
        if (done.status != killed && done.status != 0) e.wrong += place + done.err;
        auto const wrong = wrong_after(s, admin, state.path(), o);
        if (!wrong.empty()) e.wrong += place + wrong;
        if (done.status != killed) return e;
        ++e.points;
    }
}

// The same for a standing record, up to its first questions to name servers.
ending kill_set_at_each(std::string const& call) {
    constexpr int points_max = 25;
    local_digitalocean const s(quick());
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
        BOOST_TEST_CONTEXT(operations[i % operations.size()].line[0]) {
            BOOST_TEST(endings[i].wrong == "");
        }
        points += endings[i].points;
    }
    BOOST_TEST(points > 100);
    BOOST_TEST_MESSAGE("killed at " << points << " calls");
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
