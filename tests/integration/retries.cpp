#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <regex>

BOOST_AUTO_TEST_SUITE(integration_retries)

using namespace acme_dns01::test;
using acme_dns01::sandbox::fault;
using acme_dns01::sandbox::fault_action;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

fault answering(std::string const& method, unsigned status, std::size_t times = 1) {
    auto f = failing(fault_action::answer, method, times);
    f.status = status;
    return f;
}

fault refused_for_the_rate(std::string const& method, std::string const& retry_after) {
    auto f = answering(method, 429);
    f.headers = {{"retry-after", retry_after}};
    return f;
}

std::vector<std::pair<std::string, fault>> faults_of(std::string const& method) {
    return {
        {"500", answering(method, 500)},
        {"three 503s", answering(method, 503, 3)},
        {"408", answering(method, 408)},
        {"429", answering(method, 429)},
        {"429 with retry-after", refused_for_the_rate(method, "1")},
        {"reset before", failing(fault_action::reset_before, method)},
        {"reset after", failing(fault_action::reset_after, method)},
        {"cut short", failing(fault_action::cut_short, method)},
        {"garbage", failing(fault_action::garbage, method)},
    };
}

std::size_t count(texts const& calls, std::string const& beginning) {
    return static_cast<std::size_t>(std::ranges::count_if(calls, [&](auto const& call) {
        return call.starts_with(beginning);
    }));
}

acme_dns01::digitalocean::record challenge_record(std::string const& value) {
    acme_dns01::digitalocean::record r;
    r.type = "TXT";
    r.name = "_acme-challenge";
    r.data = value;
    r.ttl = 30;
    return r;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_single_fault_causes_no_error_duplicate_or_leftover) {
    for (auto const* method : {"GET", "POST", "DELETE"}) {
        for (auto const& [what, wrong] : faults_of(method)) {
            BOOST_TEST_CONTEXT(method << " " << what) {
                local_digitalocean s(quick());
                s.inject(wrong);
                user const admin(s);
                auto const made = admin.run({"present", "example.com", value_a, "--no-wait"});
                BOOST_TEST(made.status == 0);
                BOOST_TEST(made.err == "");
                BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
                auto const cleaned = admin.run({"cleanup", "example.com", value_a});
                BOOST_TEST(cleaned.out == "example.com/28448432 removed\n");
                BOOST_TEST(cleaned.err == "");
                BOOST_TEST(txt_values(s, "example.com").empty());
                BOOST_TEST(admin.outstanding("state").empty());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_duplicate_from_a_late_request_is_cleaned_up_too) {
    local_digitalocean s(quick());
    s.inject(failing(fault_action::reset_before, "POST"));
    user const admin(s);
    BOOST_TEST(admin.run({"present", "example.com", value_a, "--no-wait"}).status == 0);
    s.add_record("example.com", challenge_record(value_a));
    s.add_record("example.com", challenge_record(value_b));
    auto const cleaned = admin.run({"cleanup", "example.com", value_a});
    BOOST_TEST(cleaned.out == "example.com/28448432 removed\nexample.com/28448433 removed\n");
    BOOST_TEST(txt_values(s, "example.com") == texts{value_b}, per_element());
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(a_record_created_at_the_first_try_is_removed_in_one_call) {
    local_digitalocean s(quick());
    user const admin(s);
    admin.run({"present", "example.com", value_a, "--no-wait"});
    s.clear_calls();
    admin.run({"cleanup", "example.com", value_a});
    texts const expected{"DELETE /v2/domains/example.com/records/28448432 204"};
    BOOST_TEST(calls_of(s) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(an_unanswered_then_refused_request_stays_in_the_journal) {
    local_digitalocean s(quick());
    s.inject(failing(fault_action::reset_before, "POST"));
    auto refusal = answering("POST", 422);
    s.inject(refusal);
    user const admin(s);
    BOOST_TEST(admin.run({"present", "example.com", value_a, "--no-wait"}).status == 9);
    BOOST_TEST(admin.outstanding("state") == texts{"intended"}, per_element());
}

BOOST_AUTO_TEST_CASE(an_hourly_limit_is_reported_with_its_end) {
    auto options = quick();
    options.limits = {2, 250};
    local_digitalocean s(options);
    user const admin(s);
    auto const out =
        admin.run({"present", "example.com", value_a, "www.example.com", value_b, "--no-wait"});
    BOOST_TEST(out.status == 8);
    BOOST_TEST(s.calls().size() == 3U);
    std::regex const chance("20[0-9-]{8} [0-9:]{8} UTC|[0-9a-f-]{36}");
    BOOST_TEST(
        std::regex_replace(out.err, chance, "@") ==
        "acme-dns01: error: www.example.com: creating _acme-challenge.www.example.com in zone "
        "example.com: DigitalOcean's rate limit is used up until @, which is later than "
        "--deadline allows (request @)\n"
        "acme-dns01: hint: try again then, allow more time with --deadline, or let fewer clients "
        "share the token\n"
    );
    // Whoever comes next knows it without asking.
    s.clear_calls();
    BOOST_TEST(admin.run({"present", "a.example.com", value_c, "--no-wait"}).status == 8);
    BOOST_TEST(s.calls().empty());
}

BOOST_AUTO_TEST_CASE(processes_share_the_rate_limit_headers) {
    local_digitalocean s(quick());
    user const admin(s);
    admin.run({"present", "example.com", value_a, "--no-wait"});
    s.inject(refused_for_the_rate("DELETE", "2"));
    auto const start = acme_dns01::clock::now();
    auto const hasty = admin.run({"cleanup", "example.com", value_a, "--deadline", "1"});
    BOOST_TEST(hasty.status == 8);
    BOOST_TEST(admin.run({"cleanup", "example.com", value_a}).status == 0);
    BOOST_TEST(seconds_since(start) > 1.9);
    BOOST_TEST(count(calls_of(s), "DELETE") == 2U);
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(verbose_reports_every_retry) {
    local_digitalocean s(quick());
    s.inject(answering("GET", 503));
    auto const out = user(s).run({"present", "example.com", value_a, "--no-wait", "--verbose"});
    BOOST_TEST(out.status == 0);
    std::regex const note("acme-dns01: note: listing the zones: DigitalOcean reported a server "
                          "error \\(503\\): Service unavailable; trying again in 0\\.[0-9] s\n");
    BOOST_TEST(std::regex_search(out.err, note), out.err);
}

BOOST_AUTO_TEST_CASE(an_unreadable_journal_does_not_cause_a_duplicate) {
    local_digitalocean s(quick());
    user const admin(s);
    admin.run({"present", "www.example.com", value_b, "--no-wait"});
    execute_in_journal(s, "UPDATE record SET zone = 'a..b'");
    s.inject(failing(fault_action::reset_after, "POST", 3));
    BOOST_TEST(admin.run({"present", "example.com", value_a, "--no-wait"}).status == 0);
    BOOST_TEST(txt_values(s, "example.com") == (texts{value_b, value_a}), per_element());
}

BOOST_AUTO_TEST_CASE(a_possible_duplicate_keeps_its_entry_until_it_is_overdue) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const cleanup = texts{"cleanup", "example.com", value_a};
    admin.run({"present", "example.com", value_a, "--no-wait"});
    execute_in_journal(s, "UPDATE record SET twins = 'late'");
    BOOST_TEST(admin.run(cleanup).out == "example.com/28448432 removed\n");
    BOOST_TEST(admin.outstanding("state") == texts{"removing"}, per_element());
    s.add_record("example.com", challenge_record(value_a));
    BOOST_TEST(admin.run(cleanup).status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(admin.outstanding("state").empty());

    admin.run({"present", "example.com", value_a, "--no-wait"});
    execute_in_journal(s, "UPDATE record SET twins = 'late', since = 0");
    admin.run(cleanup);
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(a_record_found_after_a_lost_answer_may_be_older) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const warning = "acme-dns01: warning: the API gave no clear answer: what it was to create "
                         "exists, but may have existed before\n";
    s.inject(failing(fault_action::reset_after, "POST", 1));
    auto const zone = admin.run({"domain", "create", "example.net"});
    BOOST_TEST(zone.status == 0);
    BOOST_TEST(zone.err == warning);
    s.inject(failing(fault_action::reset_after, "POST", 1));
    auto const record =
        admin.run({"record", "create", "example.net", "--type", "TXT", "--name", "a", "--data", "b"}
        );
    BOOST_TEST(record.status == 0);
    BOOST_TEST(record.err == warning);
}

BOOST_AUTO_TEST_CASE(a_put_is_retried_but_an_uncertain_patch_is_not) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const id = std::to_string(s.add_record("example.com", challenge_record(value_a)));
    auto const change = [&](std::string const& how) {
        return admin.run({"record", how, "example.com", id, "--type", "TXT", "--data", value_b});
    };
    s.inject(answering("PUT", 503, 2));
    BOOST_TEST(change("update").status == 0);
    BOOST_TEST(count(calls_of(s), "PUT") == 3U);
    s.inject(answering("PATCH", 503, 2));
    BOOST_TEST(change("patch").status == 8);
    BOOST_TEST(count(calls_of(s), "PATCH") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
