#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

BOOST_AUTO_TEST_SUITE(integration_failures)

using namespace acme_dns01::test;
using acme_dns01::sandbox::fault_action;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

constexpr auto always = acme_dns01::sandbox::fault::always;

} // namespace

BOOST_AUTO_TEST_CASE(a_missing_token_is_status_3) {
    local_digitalocean const s(quick());
    auto admin = user(s);
    admin.without("DIGITALOCEAN_TOKEN");
    auto const out = admin.run({"present", "example.com", value_a});
    BOOST_TEST(out.status == 3);
    BOOST_TEST(out.out == "");
    BOOST_TEST(
        out.err == "acme-dns01: error: there is no DigitalOcean token\n"
                   "acme-dns01: hint: put a token with the scopes domain:read, domain:create and "
                   "domain:delete "
                   "into a file that only you may read, and name it with --token-file\n"
    );
}

BOOST_AUTO_TEST_CASE(a_token_refused_by_the_api_is_status_4) {
    local_digitalocean const s(quick());
    auto admin = user(s);
    admin.with("DIGITALOCEAN_TOKEN", "dop_v1_wrong");
    auto const out = admin.run({"present", "example.com", value_a});
    BOOST_TEST(out.status == 4);
    auto const request = out.err.substr(out.err.find(" (request "), 47);
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: example.com: listing the zones: DigitalOcean does not accept the token "
        "(401): Unable to authenticate you." +
            request +
            "\n"
            "acme-dns01: hint: create a token at https://cloud.digitalocean.com/account/api/tokens "
            "and use it instead\n"
    );
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(a_token_without_the_scope_is_status_4_and_names_the_scope) {
    auto options = quick();
    options.scopes = {"domain:read"};
    local_digitalocean const s(options);
    user const admin(s);
    auto const out = admin.run({"present", "example.com", value_a});
    BOOST_TEST(out.status == 4);
    BOOST_TEST(out.err.ends_with("acme-dns01: hint: the token needs the scope domain:create\n"));
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(a_name_in_no_zone_is_status_5) {
    local_digitalocean const s(quick());
    user const admin(s);
    auto const out = admin.run({"present", "example.net", value_a});
    BOOST_TEST(out.status == 5);
    BOOST_TEST(
        out.err == "acme-dns01: error: example.net: no zone in the DigitalOcean account contains "
                   "_acme-challenge.example.net (the account has 1 zone)\n"
                   "acme-dns01: hint: add the domain at DigitalOcean, or use the token of the "
                   "account that has it\n"
    );
    auto const machine = admin.run({"present", "example.net", value_a, "--json"});
    BOOST_TEST(machine.status == 5);
    BOOST_TEST(
        machine.out ==
        R"j({"error":{"kind":"zone_not_found","exit":5,"message":"example.net: no zone in the )j"
        R"j(DigitalOcean account contains _acme-challenge.example.net (the account has 1 zone)",)j"
        R"j("hint":"add the domain at DigitalOcean, or use the token of the account that has it",)j"
        R"j("request_id":null}})j"
        "\n"
    );
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(a_server_late_beyond_the_timeout_is_status_7) {
    local_digitalocean s(quick());
    s.set_delay("127.53.0.2", acme_dns01::seconds(600));
    user const admin(s);
    auto const out = admin.run({"present", "example.com", value_a, "--propagation-timeout", "0.5"});
    BOOST_TEST(out.status == 7);
    BOOST_TEST(out.out == "");
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: not on every authoritative server after 0.5 s: ns2.digitalocean.com "
        "(127.53.0.2) answered NXDOMAIN for _acme-challenge.example.com\n"
        "acme-dns01: hint: try again, or allow more time with --propagation-timeout\n"
    );
    BOOST_TEST(admin.outstanding("state") == texts{"created"}, per_element());
    BOOST_TEST(admin.run({"cleanup", "example.com", value_a}).status == 0);
    BOOST_TEST(admin.outstanding("state").empty());
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(records_created_before_a_failure_stay_in_the_journal) {
    local_digitalocean const s(quick());
    user const admin(s);
    auto const out = admin.run({"present", "example.com", value_a, "example.net", value_b});
    BOOST_TEST(out.status == 5);
    BOOST_TEST(admin.outstanding("state") == texts{"created"}, per_element());
    BOOST_TEST(admin.run({"cleanup", "example.com", value_a}).status == 0);
    BOOST_TEST(admin.outstanding("state").empty());
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(an_unreachable_api_is_status_8) {
    local_digitalocean const s(quick());
    auto admin = user(s);
    admin.with("ACME_DNS01_API_URL", "https://127.0.0.1:1");
    auto const out = admin.run({"present", "example.com", value_a, "--deadline", "1"});
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        without_count_of_tries(out.err) ==
        "acme-dns01: error: example.com: listing the zones: https://127.0.0.1:1 cannot be reached: "
        "127.0.0.1 port 1: Connection refused\n"
        "acme-dns01: hint: check this host's network and name resolution, and --api-url\n"
    );
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(an_api_lost_before_cleanup_is_status_8_and_keeps_the_entry) {
    local_digitalocean s(quick());
    user const admin(s);
    admin.run({"present", "example.com", value_a, "--no-wait"});
    auto cut_off = admin;
    cut_off.with("ACME_DNS01_API_URL", "https://127.0.0.1:1");
    auto const out = cut_off.run({"cleanup", "example.com", value_a, "--deadline", "1"});
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        without_count_of_tries(out.err) ==
        "acme-dns01: error: example.com: removing record 28448432 of zone example.com: "
        "https://127.0.0.1:1 cannot be reached: 127.0.0.1 port 1: Connection refused\n"
        "acme-dns01: hint: check this host's network and name resolution, and --api-url\n"
    );
    BOOST_TEST(admin.outstanding("state") == texts{"removing"}, per_element());
    BOOST_TEST(admin.run({"cleanup", "example.com", value_a}).status == 0);
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(a_creation_whose_answer_is_lost_is_found_and_adopted) {
    for (auto const action :
         {fault_action::reset_after, fault_action::cut_short, fault_action::garbage}) {
        BOOST_TEST_CONTEXT(static_cast<int>(action)) {
            local_digitalocean s(quick());
            s.inject(failing(action, "POST"));
            user const admin(s);
            auto const out = admin.run({"present", "example.com", value_a, "--no-wait"});
            BOOST_TEST(out.status == 0);
            BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
            BOOST_TEST(admin.outstanding("state") == texts{"created"}, per_element());
            BOOST_TEST(admin.run({"cleanup", "example.com", value_a}).status == 0);
            BOOST_TEST(txt_values(s, "example.com").empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_creation_that_never_happened_is_status_8_and_keeps_its_row) {
    local_digitalocean s(quick());
    s.inject(failing(fault_action::reset_before, "POST", always));
    user const admin(s);
    auto const out = admin.run({"present", "example.com", value_a, "--no-wait", "--deadline", "1"});
    BOOST_TEST(out.status == 8);
    s.clear_faults();
    BOOST_TEST(admin.outstanding("state") == texts{"intended"}, per_element());
    // The request may still be on its way: its row stays, and finds the record when it comes.
    BOOST_TEST(admin.run({"cleanup", "example.com", value_a}).out == "nothing to remove\n");
    BOOST_TEST(admin.outstanding("state") == texts{"intended"}, per_element());
    acme_dns01::digitalocean::record late;
    late.type = "TXT";
    late.name = "_acme-challenge";
    late.data = value_a;
    late.ttl = 30;
    s.add_record("example.com", late);
    BOOST_TEST(admin.run({"cleanup", "example.com", value_a}).status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(an_old_intent_without_a_record_is_dropped) {
    local_digitalocean s(quick());
    s.inject(failing(fault_action::reset_before, "POST", always));
    user const admin(s);
    admin.run({"present", "example.com", value_a, "--no-wait", "--deadline", "0.5"});
    execute_in_journal(s, "UPDATE record SET since = 0");
    BOOST_TEST(admin.run({"cleanup", "example.com", value_a}).status == 0);
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(one_failed_removal_does_not_stop_the_others) {
    local_digitalocean s(quick());
    user const admin(s);
    admin.run({"present", "example.com", value_a, "www.example.com", value_b, "--no-wait"});
    auto refusal = failing(fault_action::answer, "DELETE");
    refusal.status = 422;
    s.inject(refusal);
    auto const out = admin.run({"cleanup", "example.com", value_a, "www.example.com", value_b});
    BOOST_TEST(out.status == 9);
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
    BOOST_TEST(admin.outstanding("state") == texts{"removing"}, per_element());
}

BOOST_AUTO_TEST_CASE(the_wait_ignores_a_leftover_that_it_may_not_read) {
    local_digitalocean s(quick());
    user const admin(s);
    admin.run({"present", "example.com", value_a, "--no-wait"});
    auto unreadable = failing(fault_action::answer, "GET");
    unreadable.status = 403;
    s.inject(unreadable);
    auto const out = admin.run({"present", "example.com", value_a, "--no-wait"});
    BOOST_TEST(out.status == 0);
    BOOST_TEST(out.out.ends_with(" created as example.com/28448433\n"));
    admin.run({"cleanup", "example.com", value_a});
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(a_record_refused_by_the_api_is_status_9_and_leaves_no_entry) {
    local_digitalocean s(quick());
    auto refusal = failing(fault_action::answer, "POST");
    refusal.status = 422;
    refusal.body = R"({"id":"unprocessable_entity","message":"Too\nmany \u001b[31mrecords",)"
                   R"("request_id":"4d9d8375-3c56-4925-a3e7-eb137fed17e9"})";
    s.inject(refusal);
    user const admin(s);
    auto const out = admin.run({"present", "example.com", value_a});
    BOOST_TEST(out.status == 9);
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: example.com: creating _acme-challenge.example.com in zone example.com: "
        "DigitalOcean refused the request (422): Too?many ?[31mrecords "
        "(request 4d9d8375-3c56-4925-a3e7-eb137fed17e9)\n"
    );
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(only_challenge_records_are_removed_by_id) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const refused = admin.run({"cleanup", "--id", "example.com/28448429"});
    BOOST_TEST(refused.status == 2);
    BOOST_TEST(
        refused.err ==
        "acme-dns01: error: record example.com/28448429 is not removed: it is NS at @, not TXT at "
        "a "
        "challenge name\nacme-dns01: hint: acme-dns01 removes challenge records only\n"
    );
    acme_dns01::digitalocean::record spf;
    spf.type = "TXT";
    spf.name = "@";
    spf.data = "v=spf1 -all";
    spf.ttl = 1800;
    auto const id = "example.com/" + std::to_string(s.add_record("example.com", spf));
    BOOST_TEST(admin.run({"cleanup", "--id", id}).status == 2);
    spf.name = "_acme-challenge.www";
    auto const ours = "example.com/" + std::to_string(s.add_record("example.com", spf));
    auto const more = "example.com/" + std::to_string(s.add_record("example.com", spf));
    auto const both = admin.run({"cleanup", "--id", ours, more});
    BOOST_TEST(both.out == ours + " removed\n" + more + " removed\n");
    BOOST_TEST(admin.run({"cleanup", "--id", ours}).out == ours + " was gone already\n");
    BOOST_TEST(txt_values(s, "example.com") == texts{"v=spf1 -all"}, per_element());
}

BOOST_AUTO_TEST_CASE(a_state_folder_that_others_may_write_to_is_status_3) {
    local_digitalocean const s(quick());
    user const admin(s);
    std::filesystem::permissions(s.state_dir(), static_cast<std::filesystem::perms>(0777));
    texts const present{"present", "example.com", value_a};
    for (auto const& line : {present, texts{"status"}, texts{"sweep"}}) {
        BOOST_TEST_CONTEXT(line.front()) {
            auto const out = admin.run(line);
            BOOST_TEST(out.status == 3);
            BOOST_TEST(
                out.err.ends_with(
                    "the state folder " + s.state_dir() +
                    " is not safe: other users may write to " + s.state_dir() +
                    "\nacme-dns01: hint: chmod go-w " + s.state_dir() + "\n"
                ),
                out.err
            );
        }
    }
    BOOST_TEST(s.calls().empty());
}

BOOST_AUTO_TEST_CASE(a_token_echoed_by_the_server_is_not_shown) {
    local_digitalocean s(quick());
    auto echo = failing(fault_action::answer, "GET");
    echo.status = 401;
    echo.body = R"({"id":"unauthorized","message":"no such token: Bearer )" + s.token() + "\"}";
    s.inject(echo);
    auto const out = user(s).run({"present", "example.com", value_a, "--json"});
    BOOST_TEST(out.status == 4);
    BOOST_TEST((out.out + out.err).find(s.token()) == std::string::npos);
    BOOST_TEST(out.err.find("no such token: Bearer <token>\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_token_never_appears_in_output_or_files) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const seen = admin.run({"present", "example.com", value_a, "--verbose"});
    BOOST_TEST(seen.status == 0);
    BOOST_TEST((seen.out + seen.err).find(s.token()) == std::string::npos);
    acme_dns01::test::command grep;
    grep.arguments = {"grep", "-rlaF", s.token(), s.state_dir()};
    grep.capture = true;
    auto const grepped = acme_dns01::test::run(grep).value();
    BOOST_TEST(grepped.out == "");
    BOOST_TEST(grepped.status == 1);
}

BOOST_AUTO_TEST_SUITE_END()
