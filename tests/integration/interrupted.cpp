#include "support/caa_records.hpp"
#include "support/client_world.hpp"
#include "support/tested.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::test::running_command;

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

// What stands between the backticks, typed where the state folder and the API are not in the
// environment.
int status_of_advice(std::string const& told, user admin) {
    auto const from = told.find('`') + 1;
    auto advised = told.substr(from, told.rfind('`') - from);
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

ending ending_of(stage const& at, int signal) {
    local_digitalocean s(quick({0.0, 0.0, 600.0}));
    user const admin(s);
    if (!creates(at)) {
        auto line = present;
        line.emplace_back("--no-wait");
        admin.run(line);
    }
    s.clear_queries();
    if (!at.slow.empty()) s.inject(acme_dns01::sandbox::parse_fault(at.slow).value());
    auto const calls = s.calls().size();
    auto running = start(at.line, s);
    ending e;
    e.was_reached = becomes_true([&] { return is_reached(s, at, calls); });
    running.send_signal(signal);
    auto const ended = running.wait();
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

} // namespace

BOOST_AUTO_TEST_SUITE(integration_interrupted)

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
            BOOST_TEST(endings[i].was_reached);
            BOOST_TEST(endings[i].status == 128 + signal);
            BOOST_TEST(endings[i].is_true);
            BOOST_TEST(endings[i].told == endings[i].expected);
            BOOST_TEST(endings[i].removed == 0);
            BOOST_TEST(endings[i].left_at_the_api.empty());
            BOOST_TEST(endings[i].outstanding.empty());
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

BOOST_AUTO_TEST_SUITE_END()
