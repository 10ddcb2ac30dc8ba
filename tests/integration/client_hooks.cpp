#include "sandbox/temporary_folder.hpp"
#include "support/tested.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>

BOOST_AUTO_TEST_SUITE(integration_client_hooks)

using namespace acme_dns01::test;
using acme_dns01::sandbox::fault_action;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::temporary_folder;
using acme_dns01::test::outcome;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

void check_silent_success(outcome const& done) {
    BOOST_TEST(done.out == "");
    BOOST_TEST(done.err == "");
    BOOST_TEST(done.status == 0);
}

std::string
script(temporary_folder const& folder, std::string const& name, std::string const& text) {
    auto const file = folder.path() / name;
    std::ofstream(file) << text;
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return file;
}

// No server ever serves what is created, so that the hook's wait ends in a failure.
void let_nothing_be_served(local_digitalocean& s) {
    for (auto const* address : {"127.53.0.1", "127.53.0.2", "127.53.0.3"})
        s.set_delay(address, acme_dns01::seconds(600));
}

auto const times_out = texts{"--propagation-timeout", "0.4"};

texts joined(texts list, texts const& more) {
    list.insert(list.end(), more.begin(), more.end());
    return list;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_dehydrated_chain_is_created_side_by_side_with_one_wait) {
    local_digitalocean s(quick());
    user const dehydrated(s);
    texts const three{
        "example.com",
        "t1",
        value_a,
        "example.com",
        "t2",
        value_b,
        "www.example.com",
        "t3",
        value_c};
    auto const before = s.connections();
    check_silent_success(dehydrated.run(joined({"hook", "dehydrated", "deploy_challenge"}, three)));
    // One for each name at most.
    BOOST_TEST(s.connections() - before <= 3U);
    auto values = txt_values(s, "example.com");
    std::ranges::sort(values);
    BOOST_TEST(values == (texts{value_c, value_a, value_b}), per_element());
    check_silent_success(dehydrated.run(joined({"hook", "dehydrated", "clean_challenge"}, three)));
    BOOST_TEST(txt_values(s, "example.com").empty());
    // One listing of the zones, and two calls a name.
    BOOST_TEST(s.calls().size() == 7U);
}

BOOST_AUTO_TEST_CASE(other_dehydrated_operations_need_and_print_nothing) {
    local_digitalocean s(quick());
    auto dehydrated = user(s);
    dehydrated.without("DIGITALOCEAN_TOKEN").with("ACME_DNS01_STATE_DIR", "/dev/null/nowhere");
    for (texts const& operation : {
             texts{"this_hookscript_is_broken__dehydrated_is_working_fine__please_ignore_unknown_"
                   "hooks_in_your_script"},
             texts{"startup_hook"},
             texts{"generate_csr", "example.com", "/nowhere", "example.com www.example.com"},
             texts{"request_failure", "400", "--help", "post", "--json"},
             texts{"exit_hook"},
         }) {
        BOOST_TEST_CONTEXT(operation.front()) {
            check_silent_success(dehydrated.run(joined({"hook", "dehydrated"}, operation)));
        }
    }
    BOOST_TEST(s.calls().empty());
}

// dehydrated is a script that calls its hook from subshells, a different one each time.
BOOST_AUTO_TEST_CASE(exit_hook_removes_the_leftovers_of_its_own_run) {
    local_digitalocean s(quick());
    temporary_folder const folder("acme-dns01-test");
    user const admin(s);
    admin.run({"present", "mail.example.com", value_c, "--no-wait"});
    // Another dehydrated's, which is over.
    admin.run_by_another({"hook", "dehydrated", "deploy_challenge", "example.com", "t", value_b});
    auto const run = script(
        folder,
        "dehydrated",
        "#!/bin/bash\n"
        "(\"$1\" hook dehydrated deploy_challenge example.com t1 " +
            value_a + " || exit 1)\n" +
            "(\"$1\" hook dehydrated deploy_challenge www.example.com t2 " + value_b +
            " || exit 1) &\nwait $!\n\"$1\" status\n"
            "(\"$1\" hook dehydrated exit_hook 'something failed' || exit 1)\n"
    );
    auto const done = admin.execute({run, tested::program()});
    BOOST_TEST(done.status == 0);
    BOOST_TEST(done.err == "");
    BOOST_TEST(done.out.find(value_a) != std::string::npos);
    BOOST_TEST(txt_values(s, "example.com") == (texts{value_c, value_b}), per_element());
}

BOOST_AUTO_TEST_CASE(lego_passes_record_names_or_in_raw_mode_domains) {
    local_digitalocean s(quick());
    user const lego(s);
    auto const call = [&](texts const& arguments) {
        check_silent_success(lego.run(joined({"hook", "lego"}, arguments)));
    };
    call({"present", "_acme-challenge.example.com.", value_c});
    BOOST_TEST(s.records("example.com").back().name == "_acme-challenge");
    call({"cleanup", "_acme-challenge.example.com.", value_c});
    // Where the challenge name is an alias, lego names its end.
    call({"present", "proofs.example.com.", value_a});
    BOOST_TEST(s.records("example.com").back().name == "proofs");
    call({"cleanup", "proofs.example.com.", value_a});
    call({"present", "--", "example.com", "-abc", "-abc.thumbprint"});
    auto const value = "0RNXvBw_STf8yUBKx02Y1m5gzn2WG-EF0Rimn5RLN24";
    BOOST_TEST(txt_values(s, "example.com") == texts{value}, per_element());
    call({"cleanup", "--", "example.com", "-abc", "-abc.thumbprint"});
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(the_exit_status_declines_other_challenge_types_for_uacme) {
    local_digitalocean s(quick());
    user const uacme(s);
    for (auto const* type : {"http-01", "tls-alpn-01", "dns-account-01"}) {
        auto const declined =
            uacme.run({"hook", "uacme", "begin", type, "example.com", "token", "token.thumbprint"});
        BOOST_TEST(declined.out + declined.err == "");
        BOOST_TEST(declined.status == 1);
    }
    BOOST_TEST(s.calls().empty());
    for (auto const* ending : {"done", "failed"}) {
        check_silent_success(
            uacme.run({"hook", "uacme", "begin", "dns-01", "example.com", "-t", value_c})
        );
        BOOST_TEST(txt_values(s, "example.com") == texts{value_c}, per_element());
        check_silent_success(
            uacme.run({"hook", "uacme", ending, "dns-01", "example.com", "-t", value_c})
        );
        BOOST_TEST(txt_values(s, "example.com").empty());
    }
}

BOOST_AUTO_TEST_CASE(a_failed_hook_cleans_up_if_its_client_would_not) {
    for (texts const& call : {
             texts{"hook", "uacme", "begin", "dns-01", "example.com", "token", value_a},
             texts{"hook", "acmesh-add", "_acme-challenge.example.com", value_a},
             texts{"hook", "getssl-add", "example.com", value_a},
         }) {
        BOOST_TEST_CONTEXT(call[1]) {
            local_digitalocean s(quick());
            let_nothing_be_served(s);
            user const client(s);
            auto const failed = client.run(joined(times_out, call));
            BOOST_TEST(failed.status == 7);
            BOOST_TEST(failed.out == "");
            BOOST_TEST(txt_values(s, "example.com").empty());
            BOOST_TEST(client.outstanding("state").empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_failed_hook_leaves_cleanup_to_a_client_that_does_it) {
    for (texts const& call : {
             texts{"hook", "dehydrated", "deploy_challenge", "example.com", "token", value_a},
             texts{"hook", "lego", "present", "_acme-challenge.example.com.", value_a},
         }) {
        BOOST_TEST_CONTEXT(call[1]) {
            local_digitalocean s(quick());
            let_nothing_be_served(s);
            BOOST_TEST(user(s).run(joined(times_out, call)).status == 7);
            BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_refused_request_leaves_nothing_to_undo) {
    local_digitalocean s(quick());
    auto refusal = failing(fault_action::answer, "POST");
    refusal.status = 401;
    s.inject(refusal);
    user const uacme(s);
    auto const failed =
        uacme.run({"hook", "uacme", "begin", "dns-01", "example.com", "token", value_a});
    BOOST_TEST(failed.status == 4);
    BOOST_TEST(failed.err.starts_with("acme-dns01: error: example.com: "), failed.err);
    BOOST_TEST(failed.err.find("warning") == std::string::npos);
    BOOST_TEST(s.calls().size() == 2U);
    BOOST_TEST(uacme.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(a_hook_removes_its_record_if_its_client_is_gone) {
    for (texts const& call : {
             texts{"hook", "certbot-auth"},
             texts{"hook", "dehydrated", "deploy_challenge", "example.com", "token", value_a},
             texts{"hook", "lego", "present", "_acme-challenge.example.com.", value_a},
             texts{"hook", "acmesh-add", "_acme-challenge.example.com", value_a, "--no-wait"},
         }) {
        BOOST_TEST_CONTEXT(call[1]) {
            local_digitalocean s(quick());
            s.inject(acme_dns01::sandbox::parse_fault("POST delay=0.5").value());
            acme_dns01::test::command client;
            client.arguments = {"perl", "-e", "system(@ARGV)", tested::program()};
            client.arguments.insert(client.arguments.end(), call.begin(), call.end());
            client.environment = s.environment();
            client.environment["CERTBOT_DOMAIN"] = "example.com";
            client.environment["CERTBOT_VALIDATION"] = value_a;
            client.environment["CERTBOT_REMAINING_CHALLENGES"] = "1";
            client.capture = true;
            auto running = acme_dns01::test::running_command::start(client).value();
            BOOST_TEST_REQUIRE(becomes_true([&] { return s.arrived() == 2; }));
            running.send_signal(SIGKILL);
            running.wait();
            BOOST_TEST_REQUIRE(becomes_true([&] { return s.calls().size() == 3; }));
            BOOST_TEST(s.calls().back().method == "DELETE");
            BOOST_TEST(txt_values(s, "example.com").empty());
            BOOST_TEST(becomes_true([&] { return user(s).outstanding("state").empty(); }));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_unreadable_journal_during_undo_is_warned_about) {
    local_digitalocean s(quick());
    user const getssl(s);
    getssl.run({"status"});
    execute_in_journal(
        s,
        "INSERT INTO record (state, domain, zone, fqdn, value, client, pid, started, client_order,"
        " remaining, since) VALUES ('created', '', '..', '..', '', '', 0, '', '', 0, 0)"
    );
    let_nothing_be_served(s);
    auto const done = getssl.run(joined({"hook", "getssl-add", "example.com", value_a}, times_out));
    BOOST_TEST(done.status == 7);
    auto const why = "acme-dns01: warning: the journal " + s.state_dir() +
                     "/journal.sqlite contains an invalid row\n";
    BOOST_TEST(done.err.find(why + "acme-dns01: error: ") != std::string::npos, done.err);
}

BOOST_AUTO_TEST_CASE(acme_sh_may_wait_by_itself) {
    local_digitalocean s(quick());
    let_nothing_be_served(s);
    user const acme(s);
    check_silent_success(
        acme.run({"hook", "acmesh-add", "_acme-challenge.example.com", value_c, "--no-wait"})
    );
    check_silent_success(acme.run({"hook", "acmesh-rm", "_acme-challenge.example.com", value_c}));
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(acme_sh_aliases_are_used_as_given) {
    local_digitalocean s(quick());
    auto acme = user(s);
    for (auto const* state : {"", "/dev/null/nowhere"}) {
        if (*state != '\0') acme.with("ACME_DNS01_STATE_DIR", state);
        for (std::string const name : {"proofs", "_acme-challenge.alias"}) {
            BOOST_TEST_CONTEXT(name << " " << state) {
                auto const fqdn = name + ".example.com";
                check_silent_success(acme.run({"hook", "acmesh-add", fqdn, value_a}));
                check_silent_success(acme.run({"hook", "acmesh-add", fqdn, value_c}));
                BOOST_TEST(s.records("example.com").back().name == name);
                check_silent_success(acme.run({"hook", "acmesh-rm", fqdn, value_a}));
                BOOST_TEST(txt_values(s, "example.com") == texts{value_c}, per_element());
                check_silent_success(acme.run({"hook", "acmesh-rm", fqdn, value_c}));
                BOOST_TEST(txt_values(s, "example.com").empty());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(names_outside_allow_are_refused_for_every_client) {
    local_digitalocean s(quick());
    user const client(s);
    for (texts const& call : {
             texts{"hook", "dehydrated", "deploy_challenge", "example.com", "token", value_a},
             texts{"hook", "dehydrated", "clean_challenge", "example.com", "token", value_a},
             texts{"hook", "lego", "present", "_acme-challenge.example.com.", value_a},
             texts{"hook", "uacme", "begin", "dns-01", "example.com", "token", value_a},
             texts{"hook", "acmesh-add", "proofs.example.com", value_a},
             texts{"hook", "acmesh-rm", "_acme-challenge.example.com", value_a},
             texts{"hook", "getssl-add", "example.com", value_a},
         }) {
        BOOST_TEST_CONTEXT(call[1] << " " << call[2]) {
            BOOST_TEST(client.run(joined({"--allow", "www.example.com"}, call)).status == 3);
        }
    }
    BOOST_TEST(s.calls().empty());
}

BOOST_AUTO_TEST_SUITE_END()
