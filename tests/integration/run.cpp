#include "support/scripted_zones.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

BOOST_AUTO_TEST_SUITE(integration_run)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

// A client that is a script: $0 is acme-dns01.
texts run_script(texts options, std::string const& script) {
    options.insert(options.begin(), "run");
    options.insert(options.end(), {"--", "sh", "-c", script, tested::program()});
    return options;
}

texts const for_example{"--domain", "example.com"};

std::string hook(std::string const& domain, std::string const& value) {
    return "\"$0\" hook getssl-add " + domain + " " + value + "; ";
}

// What `run`, its client and all that outlives these have to say until everybody has ended.
std::string told_by_all(user const& admin, std::string const& script) {
    auto line = run_script(for_example, script);
    auto const everybody = "setsid \"$0\" \"$@\" 2>&1 | cat";
    line.insert(line.begin(), {"sh", "-c", everybody, tested::program()});
    return admin.execute(line).out;
}

void check_nothing_is_left(local_digitalocean const& s) {
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(user(s).outstanding("state").empty());
}

void add_caa(local_digitalocean& s, std::string const& value) {
    acme_dns01::digitalocean::record caa;
    caa.type = "CAA";
    caa.name = "@";
    caa.data = value;
    caa.flags = 0;
    caa.tag = "issue";
    s.add_record("example.com", caa);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_status_and_streams_of_the_client_are_passed_through) {
    local_digitalocean s(quick());
    auto client = user(s);
    client.typing("what it reads\n");
    for (std::string const status : {"0", "1", "7", "203"}) {
        BOOST_TEST_CONTEXT(status) {
            auto const script = "cat; echo told >&2; exit " + status;
            auto const done = client.run(run_script(for_example, script));
            BOOST_TEST(done.status == std::stoi(status));
            BOOST_TEST(done.out == "what it reads\n");
            BOOST_TEST(done.err == "told\n");
        }
    }
    // The zones are listed each time, which shows whether the token is good, and two requests that
    // cannot succeed show its scopes.
    BOOST_TEST(s.calls().size() == 12U);
}

BOOST_AUTO_TEST_CASE(run_confines_itself_and_not_its_client) {
    local_digitalocean s(quick());
    auto const confined_parent = "until grep -q NoNewPrivs:.1 /proc/$PPID/status; do :; done; ";
    auto const states = "grep NoNewPrivs /proc/self/status; "
                        "grep -h NoNewPrivs /proc/$PPID/task/*/status";
    auto const line = run_script(for_example, std::string(confined_parent) + states);
    auto const done = user(s).run(line);
    BOOST_TEST(done.status == 0);
    // It looked up the API's address before the client started: no thread of that time is left.
    BOOST_TEST(done.out == "NoNewPrivs:\t0\nNoNewPrivs:\t1\n");
}

BOOST_AUTO_TEST_CASE(the_client_inherits_the_callers_files_and_none_of_ours) {
    local_digitalocean s(quick());
    auto client = user(s);
    client.with("RES_OPTIONS", "attempts:7");
    auto const script = "umask; echo \"$RES_OPTIONS|$#|$1\"; cd /proc/self/fd && echo *";
    auto line = run_script({"--domain", "example.com", "--issuer", "letsencrypt.org"}, script);
    line.emplace_back("a 'b");
    auto const under_run = client.run(line);
    auto const alone = client.execute({std::ranges::find(line, "sh"), line.end()});
    BOOST_TEST(under_run.err == "");
    BOOST_TEST(under_run.out == alone.out);
}

BOOST_AUTO_TEST_CASE(leftovers_are_removed_however_the_client_ends) {
    for (auto const& [end, status] : std::map<std::string, int>{
             {"exit 0", 0}, {"exit 3", 3}, {"kill -KILL $$", 137}, {"kill -TERM $$", 143}}) {
        BOOST_TEST_CONTEXT(end) {
            local_digitalocean s(quick());
            user const admin(s);
            admin.run({"present", "--no-wait", "mail.example.com", value_c});
            auto const script = hook("example.com", value_a) +
                                "\"$0\" present --quiet --no-wait www.example.com " + value_b +
                                "; " + end;
            auto const done = admin.run(run_script(for_example, script));
            BOOST_TEST(done.status == status);
            BOOST_TEST(done.out + done.err == "");
            // What was there before is somebody else's.
            BOOST_TEST(txt_values(s, "example.com") == texts{value_c}, per_element());
            BOOST_TEST(admin.outstanding("value") == texts{value_c}, per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(records_below_a_living_run_are_in_use) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const script = "\"$0\" present --quiet --no-wait example.com " + value_a + "; " +
                        hook("www.example.com", value_b) + "exec \"$0\" sweep --older-than 0";
    auto const done = admin.run(run_script(for_example, script));
    BOOST_TEST(done.out == "nothing to remove\n2 records still outstanding\n");
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(a_run_that_was_killed_is_left_to_sweep) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const script =
        "\"$0\" present --quiet --no-wait example.com " + value_a + "; kill -KILL $PPID";
    BOOST_TEST(admin.run(run_script(for_example, script)).status == 137);
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
    BOOST_TEST(admin.run({"sweep"}).out == "example.com/28448432 removed\n");
}

// The client starts a hook and is killed before that has begun: `run` is at its sweep by then, or
// has even ended.
BOOST_AUTO_TEST_CASE(a_hook_creates_nothing_after_its_client_has_ended) {
    std::string const call = "\"$0\" hook getssl-add example.com " + value_a;
    for (auto const& orphan : texts{"exec " + call, call + "; exit"}) {
        BOOST_TEST_CONTEXT(orphan) {
            local_digitalocean s(quick());
            auto const script =
                "(while kill -0 $$ 2>/dev/null; do :; done; " + orphan + ") & kill -KILL $$";
            BOOST_TEST(
                told_by_all(user(s), script) ==
                "acme-dns01: error: getssl, or the process between it and this hook, has "
                "ended: no record is created for it\n"
                "acme-dns01: hint: start getssl again\n"
            );
            check_nothing_is_left(s);
        }
    }
}

// And here while the record is being created: `run` does not find it yet.
BOOST_AUTO_TEST_CASE(a_hook_removes_its_record_if_its_client_ends_meanwhile) {
    local_digitalocean s(quick());
    auto slow = failing(acme_dns01::sandbox::fault_action::delay, "POST");
    slow.delay = acme_dns01::seconds(4);
    slow.skip = 1; // the check before the client starts
    s.inject(slow);
    auto const script =
        "\"$0\" hook getssl-add example.com " + value_a +
        " & until \"$0\" status | grep -q intended; do kill -0 $! || exit 9; done; kill -KILL $$";
    BOOST_TEST(
        told_by_all(user(s), script) ==
        "acme-dns01: warning: sh left 1 record behind that could not be removed: run "
        "`acme-dns01" +
            place_of(s) +
            " sweep` later\n"
            "acme-dns01: warning: getssl has ended meanwhile: its records were removed again\n"
    );
    check_nothing_is_left(s);
}

BOOST_AUTO_TEST_CASE(a_failing_sweep_is_a_warning_and_the_clients_status_stands) {
    local_digitalocean s(quick());
    auto refusal = failing(acme_dns01::sandbox::fault_action::answer, "DELETE");
    refusal.status = 422;
    refusal.skip = 1; // the check before the client starts
    s.inject(refusal);
    user const admin(s);
    auto const done = admin.run(run_script(for_example, hook("example.com", value_a) + "exit 5"));
    BOOST_TEST(done.status == 5);
    BOOST_TEST(done.err.starts_with("acme-dns01: warning: example.com: "), done.err);
    BOOST_TEST(
        done.err.ends_with(
            "acme-dns01: warning: sh left 1 record behind that could not be removed: run "
            "`acme-dns01" +
            place_of(s) + " sweep` later\n"
        ),
        done.err
    );
    BOOST_TEST(admin.run({"sweep"}).out == "example.com/28448432 removed\n");
}

BOOST_AUTO_TEST_CASE(signals_go_to_the_client_and_its_leftovers_are_removed) {
    for (auto const number : {SIGINT, SIGTERM, SIGHUP}) {
        BOOST_TEST_CONTEXT(number) {
            local_digitalocean s(quick());
            user const admin(s);
            auto const n = std::to_string(number);
            auto const script = hook("example.com", value_a) + "trap 'exit 21' " + n + "; kill -" +
                                n + " $PPID; while :; do sleep 0.1; done";
            auto const done = admin.run(run_script(for_example, script));
            BOOST_TEST(done.status == 21);
            BOOST_TEST(txt_values(s, "example.com").empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(all_failing_names_are_reported_and_no_client_starts) {
    local_digitalocean s(quick());
    user const admin(s);
    texts const options{
        "--domain",
        "example.org",
        "--domain",
        "www.example.com,example.net",
        "--allow",
        "example.org, example.com, *.example.com"};
    auto const done = admin.run(run_script(options, "echo started"));
    BOOST_TEST(done.status == 3);
    BOOST_TEST(done.out == "");
    BOOST_TEST(
        done.err ==
        "acme-dns01: error: example.org: no zone in the DigitalOcean account contains "
        "_acme-challenge.example.org (the account has 1 zone)\n"
        "acme-dns01: hint: add the domain at DigitalOcean, or use the token of the account that "
        "has it\n"
        "acme-dns01: error: sh was not started: example.net: example.net is not among the names "
        "that this host may touch: example.org, example.com, *.example.com\n"
        "acme-dns01: hint: extend 'allow' in the configuration if it should be\n"
    );
    // One listing of the zones for all names, and two requests for the scopes.
    BOOST_TEST(s.calls().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_rejected_token_is_reported_once_despite_cached_zones) {
    local_digitalocean s(quick());
    user const admin(s);
    BOOST_TEST(admin.run(run_script(for_example, "exit 0")).status == 0);
    s.inject(acme_dns01::sandbox::parse_fault("401 x*").value());
    auto const done =
        admin.run(run_script({"--domain", "example.com,www.example.com", "--json"}, "echo started")
        );
    BOOST_TEST(done.status == 4);
    auto const told = boost::json::parse(done.out).at("error");
    BOOST_TEST(told.at("kind").as_string() == "unauthorized");
    BOOST_TEST(
        done.err.starts_with("acme-dns01: error: sh was not started: listing the zones: "), done.err
    );
    BOOST_TEST(s.calls().size() == 4U);
}

BOOST_AUTO_TEST_CASE(without_a_token_nothing_is_started) {
    local_digitalocean s(quick());
    auto nobody = user(s);
    nobody.without("DIGITALOCEAN_TOKEN");
    auto const done = nobody.run(run_script(for_example, "echo started"));
    BOOST_TEST(done.status == 3);
    BOOST_TEST(done.out == "");
    BOOST_TEST(s.calls().empty());
}

// Of the account's zones example.test is delegated and delegates a name on to somebody else;
// lost.test has name servers, but nobody delegates it to them; gone.test has none.
BOOST_AUTO_TEST_CASE(names_that_no_ca_would_find_in_the_zone_stop_run) {
    auto options = quick();
    options.domains = {"example.test", "lost.test", "gone.test"};
    local_digitalocean s(options);
    std::vector<scripted_zone> const zones{
        {"test",
         {"127.53.12.1"},
         {"test NS ns.test", "ns.test A 127.53.12.1", "example.test NS ns.example.test"}},
        {"example.test",
         {"127.53.12.2"},
         {"example.test NS ns.example.test",
          "ns.example.test A 127.53.12.2",
          "away.example.test NS ns.away.example.test"}},
        {"away.example.test",
         {"127.53.12.3"},
         {"away.example.test NS ns.away.example.test", "ns.away.example.test A 127.53.12.3"}},
        {"lost.test", {"127.53.12.4"}, {"lost.test NS ns.lost.test", "ns.lost.test A 127.53.12.4"}},
    };
    scripted_name_server const dns(serving(zones), addresses_for(zones));
    auto const port = std::to_string(dns.port());
    auto admin = user(s);
    admin.with("ACME_DNS01_RESOLVER", "127.0.0.1:" + port).with("ACME_DNS01_DNS_PORT", port);
    texts const domains{"--domain", "www.example.test,gone.test,lost.test,away.example.test"};
    auto const done = admin.run(run_script(domains, "echo started"));
    BOOST_TEST(done.status == 5);
    BOOST_TEST(done.out == "");
    BOOST_TEST(
        done.err ==
        "acme-dns01: error: gone.test: the name servers of zone gone.test cannot be found: test "
        "does not delegate it\n"
        "acme-dns01: hint: check that the domain is delegated to ns1.digitalocean.com, "
        "ns2.digitalocean.com and ns3.digitalocean.com at its registrar\n"
        "acme-dns01: error: away.example.test: a CA looks for _acme-challenge.away.example.test in "
        "zone away.example.test, which example.test delegates to other name servers; the "
        "DigitalOcean account has only zone example.test\n"
        "acme-dns01: hint: create the record where away.example.test is hosted, or add it as a "
        "domain of this account and delegate it there, or remove its NS records from example.test\n"
        "acme-dns01: error: sh was not started: lost.test: zone lost.test is not delegated: the "
        "name servers of test have no NS records for it, so no CA finds it\n"
        "acme-dns01: hint: add NS records for it to test, or delete the zone at DigitalOcean so "
        "that its names belong to test\n"
    );
    texts const reachable{"--domain", "www.example.test"};
    BOOST_TEST(admin.run(run_script(reachable, "echo started")).out == "started\n");
}

BOOST_AUTO_TEST_CASE(a_forbidding_caa_record_stops_run) {
    local_digitalocean s(quick());
    add_caa(s, "sectigo.com");
    user const admin(s);
    texts const options{
        "--domain", "example.com", "--domain", "*.example.com", "--issuer", "letsencrypt.org"};
    auto const done = admin.run(run_script(options, "echo started"));
    BOOST_TEST(done.status == 6);
    BOOST_TEST(done.out == "");
    auto const why =
        std::string("CAA forbids Let's Encrypt to issue: example.com has CAA 0 issue ") +
        "\"sectigo.com\", and no issue record names letsencrypt.org (RFC 8659 ";
    auto const hint = std::string("acme-dns01: hint: add CAA 0 issue \"letsencrypt.org\" at ") +
                      "example.com, or run: acme-dns01 caa allow ";
    BOOST_TEST(
        done.err == "acme-dns01: error: *.example.com: " + why + "4.3)\n" + hint +
                        "'*.example.com' --issuer letsencrypt.org\n" +
                        "acme-dns01: error: sh was not started: example.com: " + why + "4.2)\n" +
                        hint + "example.com --issuer letsencrypt.org\n"
    );
    texts const other{"--domain", "example.com", "--issuer", "sectigo.com"};
    BOOST_TEST(admin.run(run_script(other, "echo started")).out == "started\n");
    // Nobody has asked whether it may.
    BOOST_TEST(admin.run(run_script(for_example, "echo started")).out == "started\n");
}

BOOST_AUTO_TEST_CASE(without_a_domain_there_is_a_warning) {
    local_digitalocean s(quick());
    auto const done = user(s).run(run_script({}, hook("example.com", value_a) + "exit 4"));
    BOOST_TEST(done.status == 4);
    BOOST_TEST(
        done.err == "acme-dns01: warning: nothing is checked before sh starts: name its domains "
                    "with --domain or --certbot\n"
    );
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(a_client_that_cannot_be_started_is_a_usage_error) {
    local_digitalocean s(quick());
    user admin(s);
    admin.with("PATH", "/usr/bin:/bin");
    auto const missing =
        admin.run({"run", "--domain", "example.com", "--", "no-such-client", "-x"});
    BOOST_TEST(missing.status == 2);
    BOOST_TEST(
        missing.err == "acme-dns01: error: cannot start no-such-client: it is in no folder of PATH "
                       "(/usr/bin:/bin)\n"
                       "acme-dns01: hint: install it, or put its whole path after --\n"
    );
    for (texts const& line :
         {texts{"run", "--domain", "example.com"},
          texts{"run", "--domain", "example.com", "sh", "-c", "exit"},
          texts{"run", "sh", "--", "-c", "exit"}}) {
        BOOST_TEST(admin.run(line).status == 2);
    }
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(run_works_without_a_state_directory) {
    local_digitalocean s(quick());
    auto nobody = user(s);
    nobody.with("ACME_DNS01_STATE_DIR", "/dev/null/nowhere");
    auto const script =
        hook("example.com", value_a) + "\"$0\" hook getssl-del example.com " + value_a + "; exit 6";
    auto const done = nobody.run(run_script(for_example, script));
    BOOST_TEST(done.status == 6);
    BOOST_TEST(
        done.err == "acme-dns01: warning: what sh leaves behind will not be removed: the state "
                    "folder /dev/null/nowhere cannot be created: Not a directory\n"
    );
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_SUITE_END()
