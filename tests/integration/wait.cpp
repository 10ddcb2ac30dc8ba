#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_wait)

namespace json = boost::json;
using namespace acme_dns01::test;
using acme_dns01::sandbox::behaviour;
using acme_dns01::sandbox::local_digitalocean;

namespace {

using texts = std::vector<std::string>;

double elapsed_of(acme_dns01::test::outcome const& out) {
    return json::parse(out.out).at("propagation").at("elapsed").to_number<double>();
}

acme_dns01::dns::question challenge_question() {
    return {
        acme_dns01::dns::name::parse("_acme-challenge.example.com").value(),
        acme_dns01::dns::record_type::txt,
    };
}

} // namespace

// How soon after that it ends is measured in tests/bench.
BOOST_AUTO_TEST_CASE(the_wait_does_not_end_before_the_last_server_serves) {
    local_digitalocean const s(quick({0.1, 0.3, 1.0}));
    auto const start = acme_dns01::clock::now();
    auto const out = user(s).run({"present", "example.com", value_a, "--settle", "0"});
    BOOST_TEST(out.status == 0);
    BOOST_TEST(seconds_since(start) > 1.0);
}

BOOST_AUTO_TEST_CASE(by_default_the_pause_is_the_gap_between_the_servers) {
    local_digitalocean const s(quick({0.0, 0.3, 0.6}));
    auto const start = acme_dns01::clock::now();
    BOOST_TEST(user(s).run({"present", "example.com", value_a}).status == 0);
    BOOST_TEST(seconds_since(start) > 1.1);
}

BOOST_AUTO_TEST_CASE(no_resolver_is_asked_about_the_challenge_name) {
    local_digitalocean const s(quick());
    BOOST_TEST(user(s).run({"present", "example.com", value_a}).status == 0);
    BOOST_TEST(s.query_count_of("127.0.0.1", challenge_question()) == 0U);
}

BOOST_AUTO_TEST_CASE(a_truncated_answer_is_asked_for_over_tcp) {
    local_digitalocean s(quick());
    s.set_behaviour("127.53.0.2", behaviour::truncating);
    BOOST_TEST(user(s).run({"present", "example.com", value_a}).status == 0);
}

BOOST_AUTO_TEST_CASE(two_hundred_stale_values_do_not_hide_the_new_one) {
    local_digitalocean s(quick());
    acme_dns01::digitalocean::record stale;
    stale.type = "TXT";
    stale.name = "_acme-challenge";
    stale.ttl = 30;
    for (int i = 0; i < 200; ++i) {
        stale.data = "stale value number " + std::to_string(i) + std::string(24, '.');
        s.add_record("example.com", stale);
    }
    BOOST_TEST(user(s).run({"present", "example.com", value_a}).status == 0);
}

BOOST_AUTO_TEST_CASE(a_failing_server_costs_its_grace_and_a_warning) {
    struct {
        behaviour how;
        std::string state;
    } const cases[] = {
        {behaviour::silent, "unreachable"},
        {behaviour::servfail, "servfail"},
        {behaviour::refused, "refused"},
        {behaviour::lame, "lame"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.state) {
            local_digitalocean s(quick());
            s.set_behaviour("127.53.0.3", c.how);
            auto const out = user(s).run(
                {"present",
                 "example.com",
                 value_a,
                 "*.example.com",
                 value_b,
                 "www.example.com",
                 value_c,
                 "--grace",
                 "1"}
            );
            BOOST_TEST(out.status == 0);
            BOOST_TEST(
                out.err ==
                "acme-dns01: warning: ns3.digitalocean.com (127.53.0.3) was not waited for: " +
                    c.state + "\n"
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(the_timeout_ends_the_pause_when_all_serve) {
    local_digitalocean const s(quick());
    auto const out = user(s).run(
        {"present",
         "example.com",
         value_a,
         "--settle",
         "600",
         "--propagation-timeout",
         "1",
         "--json"}
    );
    BOOST_TEST(out.status == 0);
    BOOST_TEST(out.err == "");
    BOOST_TEST(elapsed_of(out) >= 1.0);
}

BOOST_AUTO_TEST_CASE(with_a_timeout_of_0_every_server_is_asked_once) {
    local_digitalocean const s(quick({0.0, 0.0, 60.0}));
    auto const admin = user(s);
    BOOST_TEST(admin.run({"present", "example.com", value_a, "--no-wait"}).status == 0);
    auto const out = admin.run({"wait", "--propagation-timeout", "0"});
    BOOST_TEST(out.status == 7);
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: not on every authoritative server after 0.0 s: ns3.digitalocean.com "
        "(127.53.0.3) answered NXDOMAIN for _acme-challenge.example.com\n"
        "acme-dns01: hint: try again, or allow more time with --propagation-timeout\n"
    );
    BOOST_TEST(s.query_count_of("127.53.0.3", challenge_question()) == 1U);
}

BOOST_AUTO_TEST_CASE(a_record_that_is_already_served_needs_no_wait) {
    local_digitalocean const s(quick());
    auto const admin = user(s);
    BOOST_TEST(admin.run({"present", "example.com", value_a}).status == 0);
    BOOST_TEST(admin.run({"wait", "--propagation-timeout", "0"}).status == 0);
}

BOOST_AUTO_TEST_CASE(servers_that_all_fail_are_waited_for_until_the_timeout) {
    local_digitalocean s(quick());
    for (auto const* address : {"127.53.0.1", "127.53.0.2", "127.53.0.3"}) {
        s.set_behaviour(address, behaviour::refused);
    }
    auto const out = user(s).run(
        {"present", "example.com", value_a, "--grace", "0", "--propagation-timeout", "0.5"}
    );
    BOOST_TEST(out.status == 7);
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: not on every authoritative server after 0.5 s: ns1.digitalocean.com "
        "(127.53.0.1) answered REFUSED for _acme-challenge.example.com; ns2.digitalocean.com "
        "(127.53.0.2) answered REFUSED for _acme-challenge.example.com; ns3.digitalocean.com "
        "(127.53.0.3) answered REFUSED for _acme-challenge.example.com\n"
        "acme-dns01: hint: try again, or allow more time with --propagation-timeout\n"
    );
}

BOOST_AUTO_TEST_CASE(require_all_waits_for_a_failing_server_too) {
    local_digitalocean s(quick());
    s.set_behaviour("127.53.0.3", behaviour::servfail);
    auto const out = user(s).run(
        {"present",
         "example.com",
         value_a,
         "--grace",
         "0",
         "--require",
         "all",
         "--propagation-timeout",
         "1"}
    );
    BOOST_TEST(out.status == 7);
    BOOST_TEST(
        out.err == "acme-dns01: error: not on every authoritative server after 1.0 s: "
                   "ns3.digitalocean.com (127.53.0.3) answered SERVFAIL for "
                   "_acme-challenge.example.com\n"
                   "acme-dns01: hint: try again, or allow more time with --propagation-timeout\n"
    );
}

BOOST_AUTO_TEST_CASE(the_error_shows_the_last_answer_of_a_server) {
    struct {
        behaviour how;
        std::string told;
    } const cases[] = {
        {behaviour::normal, "answered NOERROR without a value"},
        {behaviour::lame, "answered without authority"},
        {behaviour::silent, "cannot be reached"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.told) {
            local_digitalocean s(quick());
            acme_dns01::digitalocean::record below;
            below.type = "TXT";
            below.name = "below._acme-challenge";
            below.data = value_b;
            below.ttl = 30;
            s.add_record("example.com", below);
            s.set_behaviour("127.53.0.3", c.how);
            auto const out =
                user(s).run({"wait", "example.com", value_a, "--propagation-timeout", "3"});
            BOOST_TEST(out.status == 7);
            auto const told = "; ns3.digitalocean.com (127.53.0.3) " + c.told +
                              " for _acme-challenge.example.com\n";
            BOOST_TEST(out.err.find(told) != std::string::npos, out.err);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_error_says_that_no_server_answered) {
    local_digitalocean s(quick());
    for (auto const* address : {"127.53.0.1", "127.53.0.2", "127.53.0.3"}) {
        s.set_behaviour(address, behaviour::silent);
    }
    auto const out =
        user(s).run({"present", "example.com", value_a, "--propagation-timeout", "2.5"});
    BOOST_TEST(out.status == 7);
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: none of the authoritative servers answered: ns1.digitalocean.com "
        "(127.53.0.1), ns2.digitalocean.com (127.53.0.2), ns3.digitalocean.com (127.53.0.3)\n"
        "acme-dns01: hint: if outgoing port 53 is blocked, use --propagation resolver to ask "
        "recursive resolvers instead\n"
    );
}

BOOST_AUTO_TEST_CASE(a_dead_address_costs_its_grace_once_and_not_per_name) {
    local_digitalocean s(quick());
    s.set_behaviour("127.53.0.1", behaviour::silent);
    texts line{"present"};
    for (int i = 0; i < 100; ++i) {
        line.push_back("host" + std::to_string(i) + ".example.com");
        line.push_back(value_a);
    }
    line.insert(line.end(), {"--settle", "0", "--grace", "3", "--json"});
    auto const out = user(s).run(line);
    BOOST_TEST(out.status == 0);
    // With one grace for each name it would take minutes, and no run has more than one.
    BOOST_TEST(elapsed_of(out) >= 3.0);
}

BOOST_AUTO_TEST_CASE(propagation_resolver_asks_resolvers_but_not_too_early) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const out = admin.run({"present", "example.com", value_a, "--propagation", "resolver"});
    BOOST_TEST(out.status == 0);
    BOOST_TEST(out.out.find("served by 1 of 1 resolver after 10.") != std::string::npos, out.out);
    BOOST_TEST(
        out.out.ends_with(" s: this is what a cache has seen, not what a CA will see\n"), out.out
    );
    BOOST_TEST(s.query_count_of("127.0.0.1", challenge_question()) == 2U);
    BOOST_TEST(s.query_count_of("127.53.0.1", challenge_question()) == 0U);
}

BOOST_AUTO_TEST_CASE(a_short_timeout_leaves_resolvers_time_to_be_asked) {
    local_digitalocean s(quick());
    auto const out = user(s).run(
        {"present",
         "example.com",
         value_a,
         "--propagation",
         "resolver",
         "--propagation-timeout",
         "2"}
    );
    BOOST_TEST(out.status == 0, out.err);
}

BOOST_AUTO_TEST_CASE(a_dead_resolver_is_status_8) {
    local_digitalocean const s(quick());
    user admin(s);
    admin.with("ACME_DNS01_RESOLVER", "127.0.0.1:1");
    auto const out = admin.run({"present", "example.com", value_a});
    BOOST_TEST(out.status == 8);
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: the name servers of zone example.com cannot be found: looking up NS of "
        "example.com: resolver 127.0.0.1:1 cannot be reached: Connection refused\n"
        "acme-dns01: hint: check this host's resolver, or name another with --resolver\n"
    );
}

BOOST_AUTO_TEST_CASE(the_timeout_bounds_a_silent_resolver_too) {
    local_digitalocean s(quick());
    s.set_behaviour("127.0.0.1", behaviour::silent);
    user const admin(s);
    std::vector<double> took;
    for (std::string const timeout : {"1", "20"}) {
        auto const start = acme_dns01::clock::now();
        auto const out =
            admin.run({"present", "example.com", value_a, "--propagation-timeout", timeout});
        BOOST_TEST(out.status == 8);
        took.push_back(seconds_since(start));
    }
    BOOST_TEST(took.front() < took.back());
}

BOOST_AUTO_TEST_CASE(a_pair_outside_the_journal_is_also_waited_for) {
    local_digitalocean const s(quick());
    user const admin(s);
    auto const out = admin.run({"wait", "example.com", value_a, "--propagation-timeout", "0.3"});
    BOOST_TEST(out.status == 7);
    admin.run({"present", "example.com", value_a, "--no-wait"});
    user elsewhere(s);
    elsewhere.with("ACME_DNS01_STATE_DIR", "/dev/null/nowhere");
    BOOST_TEST(elsewhere.run({"wait", "example.com", value_a}).status == 0);
}

BOOST_AUTO_TEST_CASE(twenty_names_wait_together) {
    std::vector<double> elapsed;
    for (auto const names : {1, 20}) {
        texts line{"present"};
        for (int i = 0; i < names; ++i)
            line.insert(line.end(), {"host" + std::to_string(i) + ".example.com", value_a});
        line.insert(line.end(), {"--settle", "0", "--json"});
        local_digitalocean const s(quick({0.1, 0.3, 0.8}));
        auto const out = user(s).run(line);
        BOOST_TEST(out.status == 0);
        elapsed.push_back(elapsed_of(out));
    }
    BOOST_TEST(elapsed.back() < 4 * elapsed.front());
}

BOOST_AUTO_TEST_SUITE_END()
