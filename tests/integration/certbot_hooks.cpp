#include "support/order_client.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>

BOOST_AUTO_TEST_SUITE(integration_certbot_hooks)

using namespace acme_dns01::test;
using acme_dns01::sandbox::behaviour;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

// Without a wait, that is all that is asked.
constexpr std::size_t whether_it_is_an_alias = 2;

std::size_t questions_about(local_digitalocean const& s, std::string const& fqdn) {
    auto const asked = acme_dns01::dns::name::parse(fqdn).value();
    std::size_t count = 0;
    for (auto const* address : {"127.53.0.1", "127.53.0.2", "127.53.0.3"}) {
        count += s.query_count_of(address, {asked, acme_dns01::dns::record_type::txt});
    }
    return count;
}

// "GET POST DELETE " in the order of the calls.
std::string methods_of(local_digitalocean const& s) {
    std::string all;
    for (auto const& call : s.calls())
        all += call.method + " ";
    return all;
}

texts sorted_values(local_digitalocean const& s) {
    auto all = txt_values(s, "example.com");
    std::ranges::sort(all);
    return all;
}

} // namespace

// Only the last hook of an order asks anybody for anything.
BOOST_AUTO_TEST_CASE(earlier_hooks_plan_and_the_last_does_the_work_of_all) {
    local_digitalocean s(quick());
    user const certbot(s);
    auto const first = certbot.auth("example.com", value_a, 2);
    auto const second = certbot.auth("example.com", value_b, 1);
    BOOST_TEST(
        first.out == R"({"fqdn":"_acme-challenge.example.com","value":")" + value_a + "\"}\n"
    );
    BOOST_TEST(s.arrived() == 0U);
    BOOST_TEST(s.queries().empty());
    BOOST_TEST(certbot.outstanding("state") == (texts{"planned", "planned"}), per_element());
    auto const last = certbot.auth("www.example.com", value_c, 0);
    auto const made = boost::json::parse(last.out);
    BOOST_TEST(made.at("zone").as_string() == "example.com");
    BOOST_TEST(made.at("id").as_int64() >= 28448432);
    BOOST_TEST(made.at("value").as_string() == value_c);
    // Each of three servers at least once, and once more to confirm.
    BOOST_TEST(questions_about(s, "_acme-challenge.example.com") >= 6U);
    BOOST_TEST(questions_about(s, "_acme-challenge.www.example.com") >= 6U);
    BOOST_TEST(s.calls().size() == 4U);
    certbot.cleanup("example.com", value_a, first.out, 2);
    certbot.cleanup("example.com", value_b, second.out, 1);
    BOOST_TEST(s.calls().size() == 4U);
    BOOST_TEST(
        certbot.outstanding("state") == (texts{"removing", "removing", "created"}), per_element()
    );
    auto const done = certbot.cleanup("www.example.com", value_c, last.out, 0);
    BOOST_TEST(done.status == 0);
    BOOST_TEST(first.err + second.err + last.err + done.err == "");
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(certbot.run({"status"}).out == "nothing outstanding\n");
    BOOST_TEST(methods_of(s) == "GET POST POST POST DELETE DELETE DELETE ");
}

BOOST_AUTO_TEST_CASE(a_plan_is_shown_and_forgotten_by_its_own_cleanup) {
    local_digitalocean s(quick());
    user const certbot(s);
    auto const planned = certbot.auth("example.com", value_a, 1);
    auto const shown = boost::json::parse(certbot.run({"status", "--json"}).out);
    auto const& row = shown.at("outstanding").at(0);
    BOOST_TEST(row.at("zone").is_null());
    BOOST_TEST(row.at("id").is_null());
    BOOST_TEST(row.at("fqdn").as_string() == "_acme-challenge.example.com");
    BOOST_TEST(row.at("value").as_string() == value_a);
    BOOST_TEST(row.at("state").as_string() == "planned");
    // The last hook never came: certbot was stopped.
    auto const cleaned = certbot.cleanup("example.com", value_a, planned.out, 1);
    BOOST_TEST(cleaned.err == "");
    BOOST_TEST(cleaned.status == 0);
    BOOST_TEST(certbot.outstanding("state").empty());
    BOOST_TEST(s.arrived() == 0U);
}

// A SIGTERM to certbot during the last auth hook: it calls no cleanup hook for that one's
// challenge.
BOOST_AUTO_TEST_CASE(a_cleanup_is_not_left_to_a_last_hook_that_may_not_come) {
    local_digitalocean s(quick());
    user const certbot(s);
    auto const first = certbot.auth("example.com", value_a, 1);
    certbot.auth("www.example.com", value_b, 0);
    execute_in_journal(s, "UPDATE record SET last_cleanup_follows = 0");
    BOOST_TEST(certbot.cleanup("example.com", value_a, first.out, 1).status == 0);
    BOOST_TEST(txt_values(s, "example.com") == texts{value_b}, per_element());
}

BOOST_AUTO_TEST_CASE(a_refused_hook_in_the_middle_spoils_no_other) {
    local_digitalocean s(quick());
    user const certbot(s);
    BOOST_TEST(certbot.auth("example.com", value_a, 3).status == 0);
    BOOST_TEST(certbot.auth("com", value_b, 2).status == 2);
    BOOST_TEST(certbot.auth("mail.example.com", "short", 1).status == 2);
    auto const last = certbot.auth("www.example.com", value_c, 0);
    BOOST_TEST(last.err == "");
    BOOST_TEST(last.status == 0);
    auto const made = sorted_values(s);
    BOOST_TEST(made == (texts{value_c, value_a}), per_element());
}

BOOST_AUTO_TEST_CASE(a_hook_that_plans_checks_its_input_allow_and_the_token) {
    local_digitalocean s(quick());
    auto certbot = user(s);
    certbot.with("CERTBOT_DOMAIN", "example.com").with("CERTBOT_VALIDATION", value_a);
    certbot.with("CERTBOT_REMAINING_CHALLENGES", "1");
    BOOST_TEST(certbot.run({"hook", "certbot-auth", "--allow", "example.net"}).status == 3);
    certbot.without("DIGITALOCEAN_TOKEN");
    auto const refused = certbot.run({"hook", "certbot-auth"});
    BOOST_TEST(refused.status == 3);
    BOOST_TEST(refused.err.starts_with("acme-dns01: error: there is no DigitalOcean token\n"));
    BOOST_TEST(certbot.outstanding("state").empty());
}

// One line of error each, with its hint; the first that is permanent decides.
BOOST_AUTO_TEST_CASE(the_last_hook_tells_of_every_failure_of_the_order) {
    local_digitalocean s(quick());
    user const certbot(s);
    certbot.auth("www.example.org", value_a, 3);
    certbot.auth("example.com", value_a, 2);
    certbot.auth("www.example.net", value_b, 1);
    auto const last = certbot.auth("mail.example.com", value_c, 0);
    BOOST_TEST(last.status == 5);
    auto const failure_of = [](std::string const& domain) {
        return "acme-dns01: error: " + domain +
               ": no zone in the DigitalOcean account contains "
               "_acme-challenge." +
               domain +
               " (the account has 1 zone)\nacme-dns01: hint: add the "
               "domain at DigitalOcean, or use the token of the account that has it\n";
    };
    BOOST_TEST(last.err == failure_of("www.example.net") + failure_of("www.example.org"));
    BOOST_TEST(boost::json::parse(last.out).at("value").as_string() == value_c);
    BOOST_TEST(questions_about(s, "_acme-challenge.example.com") >= 6U);
    BOOST_TEST(questions_about(s, "_acme-challenge.mail.example.com") >= 6U);
    BOOST_TEST(methods_of(s) == "GET POST POST ");
}

BOOST_AUTO_TEST_CASE(two_clients_side_by_side_keep_to_their_own_rows) {
    local_digitalocean s(quick());
    user const certbot(s);
    certbot.auth("example.com", value_a, 1);
    // The same names and values, as a CA repeats them for a pending authorization.
    std::vector<order_name> const same{{"example.com", value_a}, {"www.example.com", value_b}};
    auto const other = run(order_client(s, same, -1)).value();
    BOOST_TEST(other.err == "");
    BOOST_TEST(other.status == 0);
    BOOST_TEST(certbot.outstanding("state") == texts{"planned"}, per_element());
    BOOST_TEST(txt_values(s, "example.com").empty());
    auto const last = certbot.auth("www.example.com", value_b, 0);
    BOOST_TEST(last.err == "");
    BOOST_TEST(sorted_values(s) == (texts{value_a, value_b}), per_element());
}

BOOST_AUTO_TEST_CASE(records_of_a_crashed_run_do_not_delay_the_next) {
    local_digitalocean s(quick());
    auto certbot = user(s);
    certbot.with("CERTBOT_ALL_DOMAINS", "gone.example.com,example.com");
    // Two older orders, one of another process and one of this one; their records are taken away,
    // so that to wait for them would be to wait in vain.
    auto crashed = certbot;
    crashed.with("CERTBOT_DOMAIN", "gone.example.com").with("CERTBOT_VALIDATION", value_a);
    crashed.with("CERTBOT_REMAINING_CHALLENGES", "1");
    BOOST_TEST(crashed.run_by_another({"hook", "certbot-auth"}).status == 0);
    BOOST_TEST(certbot.auth("gone.example.com", value_b, 0).status == 0);
    s.remove_record("example.com", 28448432);
    s.remove_record("example.com", 28448433);
    s.clear_queries();
    BOOST_TEST(certbot.auth("example.com", value_a, 1).status == 0);
    auto const last = certbot.auth("www.example.com", value_c, 0);
    BOOST_TEST(last.err == "");
    BOOST_TEST(last.status == 0);
    BOOST_TEST(questions_about(s, "_acme-challenge.gone.example.com") <= whether_it_is_an_alias);
    BOOST_TEST(
        certbot.outstanding("value") == (texts{value_a, value_b, value_a, value_c}), per_element()
    );
}

BOOST_AUTO_TEST_CASE(equal_values_are_removed_one_by_one) {
    local_digitalocean s(quick());
    user const certbot(s);
    auto const apex = certbot.auth("example.com", value_a, 1);
    auto const wildcard = certbot.auth("example.com", value_a, 0);
    BOOST_TEST(txt_values(s, "example.com") == (texts{value_a, value_a}), per_element());
    certbot.cleanup("example.com", value_a, wildcard.out);
    BOOST_REQUIRE(s.records("example.com").size() == 4U);
    BOOST_TEST(s.records("example.com").back().id == 28448432);
    // Called once more for the same id, it does not take the other one.
    BOOST_TEST(certbot.cleanup("example.com", value_a, wildcard.out).status == 0);
    BOOST_TEST(s.records("example.com").back().id == 28448432);
    certbot.cleanup("example.com", value_a, apex.out);
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(an_old_auth_output_changes_nothing_in_a_later_auth_hook) {
    local_digitalocean s(quick());
    auto certbot = user(s);
    auto const first = certbot.auth("example.com", value_a, 0);
    certbot.with("CERTBOT_AUTH_OUTPUT", first.out);
    BOOST_TEST(certbot.auth("www.example.com", value_b, 0).status == 0);
    BOOST_TEST(txt_values(s, "example.com") == (texts{value_a, value_b}), per_element());
}

BOOST_AUTO_TEST_CASE(an_auth_output_for_another_value_is_ignored) {
    local_digitalocean s(quick());
    user const certbot(s);
    auto const first = certbot.auth("example.com", value_a, 0);
    certbot.auth("example.com", value_b, 0);
    certbot.cleanup("example.com", value_b, first.out);
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
}

BOOST_AUTO_TEST_CASE(an_auth_output_naming_a_foreign_record_is_ignored) {
    local_digitalocean s(quick());
    acme_dns01::digitalocean::record others;
    others.type = "TXT";
    others.name = "_acme-challenge.somebody";
    others.data = value_b;
    others.ttl = 30;
    auto const id = std::to_string(s.add_record("example.com", others));
    user const certbot(s);
    certbot.auth("example.com", value_a, 0);
    auto const output = R"({"zone":"example.com","id":)" + id + "}";
    BOOST_TEST(certbot.cleanup("example.com", value_a, output).status == 0);
    BOOST_TEST(txt_values(s, "example.com") == texts{value_b}, per_element());
}

BOOST_AUTO_TEST_CASE(the_last_hook_waits_for_the_others_if_its_own_record_fails) {
    local_digitalocean s(quick());
    user const certbot(s);
    certbot.auth("example.com", value_a, 1);
    auto refusal = failing(acme_dns01::sandbox::fault_action::answer, "POST");
    refusal.status = 422;
    s.inject(refusal);
    auto const last = certbot.auth("www.example.com", value_b, 0);
    BOOST_TEST(last.status == 9);
    auto const made = txt_values(s, "example.com");
    BOOST_REQUIRE(made.size() == 1U);
    auto const* const name = made[0] == value_a ? "example.com" : "www.example.com";
    BOOST_TEST(questions_about(s, std::string("_acme-challenge.") + name) >= 6U);
}

BOOST_AUTO_TEST_CASE(a_hook_without_a_journal_row_waits_for_its_own_record) {
    for (auto const remaining : {0, 1}) {
        BOOST_TEST_CONTEXT(remaining) {
            local_digitalocean s(quick());
            user const certbot(s);
            certbot.auth("www.example.com", value_b, 2);
            auto const full = [](std::string const& table) {
                return "CREATE TRIGGER full BEFORE INSERT ON " + table +
                       " BEGIN SELECT RAISE(FAIL, 'disk full'); END";
            };
            execute_in_journal(s, full("record"));
            execute_in(s.state_dir() + "/plans.sqlite", full("creation"));
            s.clear_queries();
            auto const out = certbot.auth("example.com", value_a, remaining);
            BOOST_TEST(out.status == 0);
            BOOST_TEST(out.err.find("disk full") != std::string::npos);
            BOOST_TEST(questions_about(s, "_acme-challenge.example.com") >= 6U);
        }
    }
}

BOOST_AUTO_TEST_CASE(without_auth_output_the_journal_knows_the_record) {
    local_digitalocean s(quick());
    user const certbot(s);
    certbot.auth("example.com", value_a, 0);
    BOOST_TEST(certbot.cleanup("example.com", value_a, "").status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(without_a_state_directory_each_hook_waits_and_cleans_up) {
    local_digitalocean s(quick());
    auto certbot = user(s);
    certbot.with("ACME_DNS01_STATE_DIR", "/dev/null/nowhere");
    auto const first = certbot.auth("example.com", value_a, 1);
    BOOST_TEST(questions_about(s, "_acme-challenge.example.com") >= 6U);
    auto const second = certbot.auth("www.example.com", value_b, 0);
    BOOST_TEST(first.err + second.err == "");
    BOOST_TEST(first.status + second.status == 0);
    BOOST_TEST(certbot.cleanup("example.com", value_a, first.out).status == 0);
    BOOST_TEST(certbot.cleanup("www.example.com", value_b, "").status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
    auto const told = certbot.run({"cleanup", "example.com", value_a, "--verbose"});
    BOOST_TEST(
        told.err == "acme-dns01: note: the state folder /dev/null/nowhere cannot be created: Not a "
                    "directory; records are found again by name and value only, and every hook "
                    "waits for its own record\n"
                    "acme-dns01: note: the token comes from DIGITALOCEAN_TOKEN\n"
    );
    for (auto const* command : {"status", "wait"}) {
        BOOST_TEST_CONTEXT(command) {
            auto const refused = certbot.run({command});
            BOOST_TEST(refused.status == 3);
            BOOST_TEST(
                refused.err ==
                "acme-dns01: error: the state folder /dev/null/nowhere cannot be created: Not a "
                "directory\nacme-dns01: hint: choose another with --state-dir\n"
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(a_broken_journal_is_warned_about) {
    local_digitalocean s(quick());
    std::ofstream(s.state_dir() + "/journal.sqlite") << std::string(4096, 'x');
    user const certbot(s);
    auto const out = certbot.auth("example.com", value_a, 0);
    BOOST_TEST(out.status == 0);
    BOOST_TEST(
        out.err ==
        "acme-dns01: warning: the journal " + s.state_dir() +
            "/journal.sqlite cannot be used: file is not a database; records are found again by "
            "name and value only, and every hook waits for its own record\n"
    );
}

BOOST_AUTO_TEST_CASE(other_challenge_types_are_ignored_but_may_come_last) {
    local_digitalocean s(quick());
    user const certbot(s);
    BOOST_TEST(certbot.auth("example.com", value_a, 1).status == 0);
    auto http = certbot;
    http.with("CERTBOT_TOKEN", "token");
    auto const last = http.auth("www.example.com", "token.thumbprint", 0);
    BOOST_TEST(last.out + last.err == "");
    BOOST_TEST(last.status == 0);
    BOOST_TEST(questions_about(s, "_acme-challenge.example.com") >= 6U);
    auto const cleaned = http.cleanup("www.example.com", "token.thumbprint", "");
    BOOST_TEST(cleaned.out + cleaned.err == "");
    BOOST_TEST(cleaned.status == 0);
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
}

BOOST_AUTO_TEST_CASE(a_hook_that_times_out_still_prints_its_record_for_certbot) {
    local_digitalocean s(quick());
    s.set_delay("127.53.0.3", acme_dns01::seconds(600));
    user const certbot(s);
    auto config = certbot;
    auto const out = config.with("CERTBOT_DOMAIN", "example.com")
                         .with("CERTBOT_VALIDATION", value_a)
                         .run({"hook", "certbot-auth", "--propagation-timeout", "0.4", "--json"});
    BOOST_TEST(out.status == 7);
    // stdout is certbot's: one line, and no error object behind it.
    BOOST_TEST(std::count(out.out.begin(), out.out.end(), '\n') == 1);
    BOOST_TEST(certbot.cleanup("example.com", value_a, out.out).status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_SUITE_END()
