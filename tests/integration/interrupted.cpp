#include "journal/database.hpp"
#include "support/caa_records.hpp"
#include "support/client_world.hpp"
#include "support/tested.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/syscall.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(integration_interrupted)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::test::running_command;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

// Where a command is when the signal comes.
struct stage {
    std::string name;
    texts line;
    std::string slow;   // the request that the API takes its time over, or empty: it waits for DNS
    std::size_t before; // as many requests are answered before that
    std::string left{}; // the record that is said to be left, or empty
    std::string remedy{}; // the arguments that are advised
};

std::size_t open_requests(local_digitalocean const& s) { return s.arrived() - s.calls().size(); }

texts const present{"present", "example.com", value_a};
texts const cleanup{"cleanup", "example.com", value_a};

// The first record that a sandbox makes.
constexpr auto record = "example.com/28448432";
constexpr auto by_id = "cleanup --id example.com/28448432";
constexpr auto challenge_name = "_acme-challenge.example.com";
std::string const by_value = "cleanup example.com " + value_a;

std::vector<stage> all_stages() {
    texts const auth{"hook", "certbot-auth"};
    texts const sweep{"sweep", "--older-than", "0"};
    auto const create = "POST delay=2";
    auto const remove = "DELETE delay=2";
    return {
        {"present asks for the zones", present, "GET delay=2", 0},
        {"present creates", present, create, 1, challenge_name, by_value},
        {"present waits", present, "", 2, record, by_id},
        {"a hook creates", auth, create, 1, challenge_name, by_value},
        {"a hook waits", auth, "", 2, record, by_id},
        {"wait waits", {"wait"}, "", 0, record, by_id},
        {"cleanup removes", cleanup, remove, 0, record, by_id},
        {"sweep removes", sweep, remove, 1, record, by_id},
    };
}

// The wait asks again and again, what comes before it does not.
bool is_waiting(local_digitalocean const& s) {
    std::size_t questions = 0;
    for (auto const& asked : s.queries())
        questions += asked.count;
    return questions > 50;
}

// `before` counts from `start`.
bool is_reached(local_digitalocean const& s, stage const& at, std::size_t start) {
    if (s.calls().size() < start + at.before) return false;
    return at.slow.empty() ? is_waiting(s) : open_requests(s) > 0;
}

bool creates(stage const& at) { return at.line[0] == "present" || at.line[0] == "hook"; }

struct ending {
    bool was_reached = false;
    int status = -1;
    bool is_true = true; // each record that is there is in the journal
    std::string told;
    std::string expected;
    int removed = -1; // the status of what is advised, or of cleanup
    texts left_at_the_api;
    texts outstanding;
};

std::string what_is_told(stage const& at, local_digitalocean const& s) {
    if (at.left.empty()) return "";
    return "acme-dns01: warning: interrupted, with 1 record left: " + at.left +
           "\nacme-dns01: hint: remove it with `acme-dns01" + place_of(s) + " " + at.remedy + "`\n";
}

// The command between the first backticks, typed where the state folder and the API are not in the
// environment.
int status_of_advice(std::string const& told, user admin) {
    auto const from = told.find('`') + 1;
    auto advised = told.substr(from, told.find('`', from) - from);
    advised.replace(0, std::string("acme-dns01").size(), "\"$0\"");
    for (auto const* name : {"ACME_DNS01_CONFIG", "ACME_DNS01_STATE_DIR", "ACME_DNS01_API_URL"})
        admin.with(name, "");
    return admin.execute({"sh", "-c", advised, tested::program()}).status;
}

running_command start(texts const& line, local_digitalocean const& s) {
    acme_dns01::test::command command;
    command.arguments = {tested::program()};
    command.arguments.insert(command.arguments.end(), line.begin(), line.end());
    command.environment = s.environment();
    command.environment["CERTBOT_DOMAIN"] = "example.com";
    command.environment["CERTBOT_VALIDATION"] = value_a;
    command.environment["CERTBOT_REMAINING_CHALLENGES"] = "0";
    command.capture = true;
    return running_command::start(command).value();
}

// A sandbox where the command meets what its stage needs.
void prepare(local_digitalocean& s, stage const& at) {
    if (!creates(at)) {
        auto line = present;
        line.emplace_back("--no-wait");
        user(s).run(line);
    }
    s.clear_queries();
    if (!at.slow.empty()) s.inject(acme_dns01::sandbox::parse_fault(at.slow).value());
}

ending
ending_after(acme_dns01::test::outcome const& ended, stage const& at, local_digitalocean const& s) {
    user const admin(s);
    ending e;
    e.status = ended.status;
    e.told = ended.err;
    e.expected = what_is_told(at, s);
    // The API acts upon what has arrived, even if the client has gone.
    becomes_true([&] { return open_requests(s) == 0; });
    auto const known = admin.outstanding("value");
    for (auto const& value : txt_values(s, "example.com"))
        e.is_true = e.is_true && std::ranges::count(known, value) == 1;
    e.removed = at.left.empty() ? admin.run(cleanup).status : status_of_advice(e.told, admin);
    e.left_at_the_api = txt_values(s, "example.com");
    e.outstanding = admin.outstanding("state");
    return e;
}

ending ending_of(stage const& at, int signal) {
    local_digitalocean s(quick({0.0, 0.0, 600.0}));
    prepare(s, at);
    auto const calls = s.calls().size();
    auto running = start(at.line, s);
    auto const was_reached = becomes_true([&] { return is_reached(s, at, calls); });
    running.send_signal(signal);
    auto e = ending_after(running.wait(), at, s);
    e.was_reached = was_reached;
    return e;
}

void check_ending(ending const& e, int status, texts const& outstanding = {}) {
    BOOST_TEST(e.was_reached);
    BOOST_TEST(e.status == status);
    BOOST_TEST(e.is_true);
    BOOST_TEST(e.told == e.expected);
    BOOST_TEST(e.removed == 0);
    BOOST_TEST(e.left_at_the_api.empty());
    BOOST_TEST(e.outstanding == outstanding, per_element());
}

// As SQLite is between two attempts to get a lock. The event loop never is.
bool is_asleep(pid_t pid) {
    long call = -1;
    std::ifstream("/proc/" + std::to_string(pid) + "/syscall") >> call;
    return call == SYS_clock_nanosleep;
}

boost::test_tools::assertion_result sleep_is_seen(boost::unit_test::test_unit_id /*test*/) {
    running_command const sleeper = [] {
        acme_dns01::test::command command;
        command.arguments = {"sleep", "60"};
        return running_command::start(command).value();
    }();
    boost::test_tools::assertion_result can(::geteuid() == 0 && becomes_true([&] {
                                                return is_asleep(sleeper.pid());
                                            }));
    can.message() << "only root sees what a process without core dumps waits for";
    return can;
}

// The journal is locked from the start or, if there is one, from the moment of the slow request.
ending ending_at_a_lock(stage const& at) {
    local_digitalocean s(quick({0.0, 0.0, 600.0}));
    prepare(s, at);
    auto const calls = s.calls().size();
    auto other = acme_dns01::journal::database::open(s.state_dir() + "/journal.sqlite").value();
    auto const lock = [&] { return other.execute("BEGIN EXCLUSIVE").has_value(); };
    auto is_locked = at.slow.empty() && lock();
    auto running = start(at.line, s);
    if (!at.slow.empty())
        is_locked = becomes_true([&] { return is_reached(s, at, calls); }) && lock();
    auto const was_reached = is_locked && becomes_true([&] { return is_asleep(running.pid()); });
    running.send_signal(SIGTERM);
    auto const ended = running.wait();
    static_cast<void>(other.execute("ROLLBACK"));
    auto e = ending_after(ended, at, s);
    e.was_reached = was_reached;
    return e;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_signal_at_any_stage_says_what_it_leaves_behind) {
    auto const stages = all_stages();
    std::vector<int> const signals{SIGINT, SIGTERM};
    auto const count = stages.size() * signals.size();
    auto const endings = side_by_side<ending>(count, [&](std::size_t i) {
        return ending_of(stages[i / signals.size()], signals[i % signals.size()]);
    });
    for (std::size_t i = 0; i < count; ++i) {
        auto const signal = signals[i % signals.size()];
        BOOST_TEST_CONTEXT(stages[i / signals.size()].name << ", signal " << signal) {
            check_ending(endings[i], 128 + signal);
        }
    }
}

// Half of a set of CAA records may forbid what the whole permits.
BOOST_AUTO_TEST_CASE(a_signal_to_caa_allow_says_how_to_undo_the_change) {
    texts const line{"caa", "allow", "example.com", "--issuer", "letsencrypt", "--yes"};
    std::vector<stage> const stages{
        {"creates",
         line,
         "POST delay=2",
         2,
         "CAA in zone example.com",
         "look for the one that was asked for with `list example.com --type CAA`"},
        {"waits", line, "", 3, "example.com/28448433", "`delete example.com 28448433`"},
    };
    for (auto const& at : stages) {
        BOOST_TEST_CONTEXT(at.name) {
            local_digitalocean s(quick({0.0, 0.0, 600.0}));
            s.add_record("example.com", caa_record("@", "pki.goog"));
            if (!at.slow.empty()) s.inject(acme_dns01::sandbox::parse_fault(at.slow).value());
            auto running = start(line, s);
            BOOST_TEST_REQUIRE(becomes_true([&] { return is_reached(s, at, 0); }));
            running.send_signal(SIGTERM);
            auto const ended = running.wait();
            auto remedy = at.remedy;
            remedy.insert(remedy.find('`') + 1, "acme-dns01" + place_of(s) + " record ");
            BOOST_TEST(ended.status == 128 + SIGTERM);
            BOOST_TEST(
                ended.err == "acme-dns01: warning: interrupted, with 1 record left: " + at.left +
                                 "\nacme-dns01: hint: to undo the change: " + remedy + "\n"
            );
            BOOST_TEST(status_of_advice(ended.err, user(s)) == 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_signal_to_a_creation_says_how_to_find_what_is_left) {
    texts const created{
        "record", "create", "example.com", "--type=a", "--name=*", "--data=192.0.2.1"};
    texts const zone{"domain", "create", "example.org"};
    std::string const a = "1 record left: A * in zone example.com\n";
    std::string const find_it = "look for it with `acme-dns01@ record list example.com --name='*' "
                                "--type A`; `acme-dns01 help record delete` says how to remove it";
    std::string const org = "1 zone left: example.org\n";
    std::string const remove_it =
        "if it was not there before, remove it with `acme-dns01@ domain delete example.org`";
    std::vector<stage> const stages{
        {"a record is asked for", created, "POST delay=2", 0, a, find_it},
        {"a record is looked for", created, "GET delay=2", 1, a, find_it},
        {"a record is asked for again", created, "POST 500 x*", 0, a, find_it},
        {"a zone is asked for", zone, "POST delay=2", 0, org, remove_it},
        {"a zone is looked for", zone, "GET delay=2", 1, org, remove_it},
    };
    for (auto const& at : stages) {
        BOOST_TEST_CONTEXT(at.name) {
            local_digitalocean s(quick());
            s.inject(acme_dns01::sandbox::parse_fault(at.slow).value());
            s.inject(acme_dns01::sandbox::parse_fault("POST reset-after").value());
            auto running = start(at.line, s);
            auto const is_there = [&] {
                return s.arrived() > at.before || s.calls().size() > at.before;
            };
            BOOST_TEST_REQUIRE(becomes_true(is_there));
            running.send_signal(SIGTERM);
            auto const ended = running.wait();
            auto remedy = at.remedy;
            remedy.replace(remedy.find('@'), 1, place_of(s));
            BOOST_TEST(ended.status == 128 + SIGTERM);
            BOOST_TEST(
                ended.err == "acme-dns01: warning: interrupted, with " + at.left +
                                 "acme-dns01: hint: " + remedy + "\n"
            );
            becomes_true([&] { return open_requests(s) == 0; });
            auto admin = user(s);
            BOOST_TEST(status_of_advice(ended.err, admin.typing("example.org\n")) == 0);
        }
    }
}

// A lock of the journal is waited for, but not by a process that is told to end.
BOOST_AUTO_TEST_CASE(
    a_signal_at_a_locked_journal_ends_the_wait, *boost::unit_test::precondition(sleep_is_seen)
) {
    std::vector<stage> const stages{
        {"present begins", present, "", 0},
        {"present has created", present, "POST delay=2", 1, record, by_id},
        {"cleanup begins", cleanup, "", 0},
        {"cleanup has removed", cleanup, "DELETE delay=2", 0},
        {"run begins", {"run", "--domain", "example.com", "--", "true"}, "", 0},
    };
    for (auto const& at : stages) {
        BOOST_TEST_CONTEXT(at.name) {
            // The row of a creation could not learn the record's id: it is looked for by name.
            auto const rows = at.left.empty() ? texts() : texts{"intended"};
            check_ending(ending_at_a_lock(at), 128 + SIGTERM, rows);
        }
    }
}

BOOST_AUTO_TEST_CASE(
    a_signal_at_a_locked_journal_ends_run_as_its_client_ended,
    *boost::unit_test::precondition(sleep_is_seen)
) {
    local_digitalocean s(quick());
    user(s).run({"status"});
    auto other = acme_dns01::journal::database::open(s.state_dir() + "/journal.sqlite").value();
    auto const client =
        ": >\"$ACME_DNS01_STATE_DIR/started\"; "
        "until test -e \"$ACME_DNS01_STATE_DIR/locked\"; do sleep 0.02; done; exit 5";
    auto running = start({"run", "--domain", "example.com", "--", "sh", "-c", client}, s);
    auto const started = s.state_dir() + "/started";
    BOOST_TEST_REQUIRE(becomes_true([&] { return std::filesystem::exists(started); }));
    BOOST_TEST_REQUIRE(other.execute("BEGIN EXCLUSIVE").has_value());
    std::ofstream(s.state_dir() + "/locked").flush();
    BOOST_TEST(becomes_true([&] { return is_asleep(running.pid()); }));
    running.send_signal(SIGTERM);
    auto const ended = running.wait();
    BOOST_TEST(ended.status == 5);
    BOOST_TEST(ended.err == "");
}

BOOST_AUTO_TEST_SUITE_END()
