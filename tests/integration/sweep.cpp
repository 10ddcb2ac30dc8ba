#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_sweep)

using namespace acme_dns01::test;
using acme_dns01::sandbox::fault_action;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

user certbot_for(local_digitalocean const& s, std::string const& domain, std::string const& value) {
    user certbot(s);
    certbot.with("CERTBOT_DOMAIN", domain).with("CERTBOT_VALIDATION", value);
    certbot.with("CERTBOT_REMAINING_CHALLENGES", "0");
    return certbot;
}

// By a certbot that is over.
void leave_behind(
    local_digitalocean const& s, std::string const& domain, std::string const& value
) {
    auto const hook = certbot_for(s, domain, value).run_by_another({"hook", "certbot-auth"});
    BOOST_TEST_REQUIRE(hook.status == 0, hook.err);
}

std::size_t count_of(local_digitalocean const& s, std::string const& method) {
    std::size_t count = 0;
    for (auto const& call : s.calls())
        count += call.method == method ? 1 : 0;
    return count;
}

// As in a container of its own.
acme_dns01::test::outcome in_pid_namespace(user const& by, texts const& line) {
    texts whole{"unshare", "--map-root-user", "--fork", "--pid", "--mount-proc"};
    whole.insert(whole.end(), line.begin(), line.end());
    return by.execute(whole);
}

bool has_pid_namespaces(user const& by) {
    auto const is_possible = in_pid_namespace(by, {"true"}).status == 0;
    BOOST_WARN_MESSAGE(is_possible, "skipped: this host allows no namespaces for processes");
    return is_possible;
}

} // namespace

BOOST_AUTO_TEST_CASE(leftovers_of_ended_runs_go_and_records_in_use_stay) {
    local_digitalocean s(quick());
    user const admin(s);
    leave_behind(s, "example.com", value_a);
    BOOST_TEST(
        certbot_for(s, "www.example.com", value_b).run({"hook", "certbot-auth"}).status == 0
    );
    BOOST_TEST(admin.run({"present", "mail.example.com", value_c, "--no-wait"}).status == 0);

    auto const told = admin.run({"sweep"});
    BOOST_TEST(told.err == "");
    BOOST_TEST(told.out == "example.com/28448432 removed\n2 records still outstanding\n");
    BOOST_TEST(txt_values(s, "example.com") == (texts{value_b, value_c}), per_element());
    BOOST_TEST(admin.run({"sweep"}).out == "nothing to remove\n2 records still outstanding\n");

    // The process that has called that hook lives on, and is no certbot.
    auto const by_age = boost::json::parse(admin.run({"sweep", "--older-than", "0", "--json"}).out);
    boost::json::value const both{
        {{"zone", "example.com"}, {"id", 28448433}}, {{"zone", "example.com"}, {"id", 28448434}}};
    BOOST_TEST(by_age.at("removed") == both);
    BOOST_TEST(by_age.at("already_gone").as_array().empty());
    BOOST_TEST(by_age.at("outstanding").as_array().empty());
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(only_the_age_counts_of_a_record_from_another_container) {
    local_digitalocean s(quick());
    user const admin(s);
    if (!has_pid_namespaces(admin)) return;
    auto const certbot = certbot_for(s, "example.com", value_a);
    auto const by_client = "exit(system(@ARGV) >> 8)";
    auto const hook = in_pid_namespace(
        certbot, {"perl", "-e", by_client, tested::program(), "hook", "certbot-auth"}
    );
    BOOST_TEST_REQUIRE(hook.status == 0, hook.err);
    BOOST_TEST(admin.run({"sweep"}).out == "nothing to remove\n1 record still outstanding\n");
    BOOST_TEST(admin.run({"sweep", "--older-than", "0"}).out == "example.com/28448432 removed\n");
}

// `docker exec` starts a hook so, and an init that calls one by a shell.
BOOST_AUTO_TEST_CASE(only_the_age_counts_of_a_record_without_a_client) {
    local_digitalocean s(quick());
    if (!has_pid_namespaces(user(s))) return;
    auto const script = "\"$0\" hook certbot-auth >/dev/null && \"$0\" sweep";
    auto const certbot = certbot_for(s, "example.com", value_a);
    auto const swept = in_pid_namespace(certbot, {"sh", "-c", script, tested::program()});
    BOOST_TEST(swept.out == "nothing to remove\n1 record still outstanding\n", swept.err);
    BOOST_TEST(user(s).run({"sweep", "--older-than", "0"}).status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(records_younger_than_older_than_stay) {
    local_digitalocean s(quick());
    user const admin(s);
    leave_behind(s, "example.com", value_a);
    auto const told = admin.run({"sweep", "--older-than", "3600"});
    BOOST_TEST(told.out == "nothing to remove\n1 record still outstanding\n");
    execute_in_journal(s, "UPDATE record SET since = since - 3600000");
    BOOST_TEST(
        admin.run({"sweep", "--older-than", "3600"}).out == "example.com/28448432 removed\n"
    );
}

BOOST_AUTO_TEST_CASE(a_dry_run_lists_the_records_without_any_request) {
    local_digitalocean s(quick());
    user const admin(s);
    BOOST_TEST(admin.run({"sweep", "--dry-run"}).out == "nothing to remove\n");
    leave_behind(s, "example.com", value_a);
    admin.run({"present", "mail.example.com", value_c, "--no-wait"});
    s.clear_calls();
    auto const told = boost::json::parse(admin.run({"sweep", "--dry-run", "--json"}).out);
    BOOST_TEST(told.at("outstanding").as_array().size() == 2U);
    BOOST_TEST(told.at("removed").as_array().empty());
    BOOST_REQUIRE(told.at("would_remove").as_array().size() == 1U);
    BOOST_TEST(told.at("would_remove").at(0).at("value").as_string() == value_a);
    auto const table = admin.run({"sweep", "--dry-run"}).out;
    BOOST_TEST(table.find(value_a) != std::string::npos);
    BOOST_TEST(table.find(value_c) == std::string::npos);
    BOOST_TEST(s.calls().empty());
    BOOST_TEST(txt_values(s, "example.com") == (texts{value_a, value_c}), per_element());
}

BOOST_AUTO_TEST_CASE(the_outcome_of_an_unanswered_request_is_looked_up) {
    local_digitalocean s(quick());
    user const admin(s);
    leave_behind(s, "example.com", value_a);
    leave_behind(s, "www.example.com", value_b);
    // As if the first had been killed before the answer to its POST came, and the second before
    // its POST was sent.
    execute_in_journal(s, "UPDATE record SET state = 'intended', id = NULL");
    execute_in_journal(s, "UPDATE record SET since = since - 400000");
    s.remove_record("example.com", 28448433);
    auto const told = admin.run({"sweep"});
    BOOST_TEST(told.out == "example.com/28448432 removed\n");
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(a_record_that_may_still_appear_stays_in_the_journal) {
    local_digitalocean s(quick());
    user const admin(s);
    leave_behind(s, "example.com", value_a);
    execute_in_journal(s, "UPDATE record SET state = 'intended', id = NULL");
    s.remove_record("example.com", 28448432);
    BOOST_TEST(admin.run({"sweep"}).out == "nothing to remove\n1 record still outstanding\n");
    execute_in_journal(s, "UPDATE record SET since = since - 400000");
    BOOST_TEST(admin.run({"sweep"}).out == "nothing to remove\n");
}

BOOST_AUTO_TEST_CASE(an_interrupted_sweep_or_cleanup_is_resumed) {
    local_digitalocean s(quick());
    user const admin(s);
    leave_behind(s, "example.com", value_a);
    leave_behind(s, "www.example.com", value_b);
    execute_in_journal(s, "UPDATE record SET state = 'removing'");
    s.remove_record("example.com", 28448432);
    auto const told = admin.run({"sweep"});
    BOOST_TEST(told.out == "example.com/28448433 removed\nexample.com/28448432 was gone already\n");
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(a_record_that_a_living_run_may_be_creating_is_not_touched) {
    local_digitalocean s(quick());
    user const admin(s);
    leave_behind(s, "example.com", value_a);
    auto const living = certbot_for(s, "*.example.com", value_a).run({"hook", "certbot-auth"});
    BOOST_TEST(living.status == 0);
    s.remove_record("example.com", 28448432);
    // The one record that is left is the living run's, whose answer is under way.
    execute_in_journal(s, "UPDATE record SET state = 'intended', id = NULL");
    auto const told = admin.run({"sweep"});
    BOOST_TEST(told.status == 8);
    BOOST_TEST(
        told.err == "acme-dns01: error: example.com: the record at _acme-challenge.example.com "
                    "stays for now: another run is creating one with the same value\n"
                    "acme-dns01: hint: try again when it is done\n"
    );
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
    BOOST_TEST(admin.outstanding("state") == (texts{"removing", "intended"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_failure_does_not_stop_sweep_and_is_reported_at_the_end) {
    local_digitalocean s(quick());
    user const admin(s);
    leave_behind(s, "example.com", value_a);
    leave_behind(s, "www.example.com", value_b);
    auto refusal = failing(fault_action::answer, "DELETE");
    refusal.status = 422;
    s.inject(refusal);
    auto const told = admin.run({"sweep"});
    BOOST_TEST(told.status == 9);
    // Both are removed at once: whose request comes first is a matter of chance.
    auto const left = txt_values(s, "example.com");
    BOOST_REQUIRE(left.size() == 1U);
    auto const is_first = left[0] == value_a;
    std::string const domain = is_first ? "example.com" : "www.example.com";
    BOOST_TEST(told.err.starts_with("acme-dns01: error: " + domain + ": "), told.err);
    auto const* const removed = is_first ? "example.com/28448432" : "example.com/28448433";
    BOOST_TEST(admin.run({"sweep"}).out == std::string(removed) + " removed\n");
}

BOOST_AUTO_TEST_CASE(sweep_keeps_names_outside_allow) {
    local_digitalocean s(quick());
    user const admin(s);
    leave_behind(s, "example.com", value_a);
    leave_behind(s, "www.example.com", value_b);
    auto const told = admin.run({"sweep", "--allow", "www.example.com"});
    BOOST_TEST(told.status == 3);
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
}

BOOST_AUTO_TEST_CASE(a_sweep_reads_and_removes_each_record) {
    local_digitalocean s(quick());
    leave_behind(s, "example.com", value_a);
    leave_behind(s, "www.example.com", value_b);
    s.clear_calls();
    BOOST_TEST(user(s).run({"sweep"}).status == 0);
    BOOST_TEST(count_of(s, "GET") == 2U);
    BOOST_TEST(count_of(s, "DELETE") == 2U);
    BOOST_TEST(s.calls().size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_sweep_needs_a_journal) {
    local_digitalocean s(quick());
    auto admin = user(s);
    auto const refused = admin.with("ACME_DNS01_STATE_DIR", "/dev/null/nowhere").run({"sweep"});
    BOOST_TEST(refused.status == 3);
    BOOST_TEST(
        refused.err ==
        "acme-dns01: error: the state folder /dev/null/nowhere cannot be created: Not a "
        "directory\nacme-dns01: hint: choose another with --state-dir\n"
    );
}

BOOST_AUTO_TEST_SUITE_END()
