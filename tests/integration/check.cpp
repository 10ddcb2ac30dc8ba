#include "support/check_world.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>

BOOST_AUTO_TEST_SUITE(integration_check)

using namespace acme_dns01;
using namespace acme_dns01::test;
using boost::test_tools::per_element;
using sandbox::local_digitalocean;
using texts = std::vector<std::string>;
using world = check_world;

BOOST_AUTO_TEST_CASE(healthy_domains_are_clean) {
    struct {
        std::string what;
        std::function<void(world&)> set_up;
    } const cases[] = {
        {"plain", [](world&) {}},
        {"wildcard",
         [](world& w) {
             w.domains = {"example.test", "*.example.test"};
         }},
        {"an alias into another zone of the account",
         [](world& w) {
             w.add("example.test", "_acme-challenge.www.example.test CNAME www.held.test");
         }},
        {"an alias from a zone that is hosted elsewhere",
         [](world& w) {
             w.domains = {"www.away.test"};
             w.add("away.test", "_acme-challenge.www.away.test CNAME www.held.test");
         }},
        {"a nested zone of the account",
         [](world& w) {
             w.domains = {"www.deep.example.test"};
             w.add("example.test", "deep.example.test NS ns1.digitalocean.com");
             w.public_dns.push_back(
                 {"deep.example.test",
                  {world::first},
                  {"deep.example.test NS ns1.digitalocean.com"}}
             );
             w.at_last = [](local_digitalocean& s, user&) { s.add_domain("deep.example.test"); };
         }},
        {"a CA that CAA permits",
         [](world& w) {
             w.add("example.test", "example.test CAA 0 issue \"letsencrypt.org\"");
             w.options = {"--issuer", "letsencrypt"};
         }},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            world w;
            c.set_up(w);
            auto const done = check(w);
            BOOST_TEST(done.status == 0);
            BOOST_TEST(done.err == "");
            BOOST_TEST(faults_in(done.findings) == texts(), per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(every_domain_has_a_finding_of_each_check) {
    world w;
    w.domains = {"www.Example.test", "*.example.test"};
    auto const done = check(w);
    std::set<std::string> found;
    for (auto const& f : done.findings)
        found.insert(text(f, "domain") + " " + text(f, "check"));
    for (auto const& domain : w.domains) {
        for (std::string const check :
             {"name", "zone", "delegation", "servers", "challenge", "dnssec", "caa"})
            BOOST_TEST(found.contains(domain + " " + check), domain + " " + check);
    }
    for (std::string const check : {"token", "clock", "rate", "state"})
        BOOST_TEST(found.contains(" " + check), check);
    BOOST_TEST(done.findings.size() == 18U);
    // The whole text of one of them.
    BOOST_TEST(
        whole(done.findings.front()) ==
        R"({"domain":"www.Example.test","check":"name","severity":"ok","message":)"
        R"("www.Example.test is a name that a CA issues for","evidence":"www.example.test",)"
        R"("fix":""})"
    );
}

BOOST_AUTO_TEST_CASE(the_status_tells_errors_from_silence_and_warnings) {
    world w;
    w.add("example.test", "*.www.example.test CNAME x.away.test");
    BOOST_TEST(check(w).status == 0);
    world silent;
    sandbox::fault unavailable;
    unavailable.count = sandbox::fault::always;
    silent.api.faults = {unavailable};
    silent.options = {"--deadline", "1"};
    BOOST_TEST(check(silent).status == 8);
    silent.domains = {"www.example.test", "a_b.example.test"};
    BOOST_TEST(check(silent).status == 10);
}

// `run` reports the findings of `check` before it starts a client, and stops at errors.
BOOST_AUTO_TEST_CASE(run_tells_the_same_findings) {
    auto const is_error = [](auto const& f) { return text(f, "severity") == "error"; };
    for (bool const is_delegated : {true, false}) {
        world w;
        w.domains = {"www.example.test", "a.example.test"};
        w.add("test", "example.test NS nowhere.test");
        w.add("example.test", "*.www.example.test CNAME x.away.test");
        if (!is_delegated) w.add("example.test", "a.example.test NS ns.away.test");
        acme_dns01::test::outcome run;
        w.afterwards = [&](user& admin) {
            run = admin.run(
                {"run", "--domain", w.domains[0], "--domain", w.domains[1], "--", "echo", "started"}
            );
        };
        auto const found = check(w).findings;
        BOOST_TEST(std::ranges::any_of(found, is_error) == !is_delegated);
        BOOST_TEST((run.out == "started\n") == is_delegated, run.out + run.err);
        for (auto const& f : found) {
            auto const is_told = run.err.find(text(f, "message")) != std::string::npos;
            auto const is_skipped = text(f, "message").starts_with("not checked: ");
            if (text(f, "severity") != "ok" && !is_skipped) BOOST_TEST(is_told, whole(f) + run.err);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_domain_name_is_wrong_usage) {
    local_digitalocean s(quick());
    user const admin(s);
    for (std::string const domain : {"a..b", "192.0.2.1", "*.*.example.com"}) {
        BOOST_TEST(admin.run({"check", domain}).status == 2);
    }
    BOOST_TEST(admin.run({"check"}).status == 2);
    BOOST_TEST(s.calls().empty());
}

BOOST_AUTO_TEST_CASE(people_see_a_group_for_each_domain) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const done = admin.run({"check", "www.example.com"});
    BOOST_TEST(done.status == 0);
    BOOST_TEST(done.err == "");
    BOOST_TEST(
        done.out == "www.example.com\n"
                    "  ok       name, zone, delegation, servers, challenge, dnssec, caa\n"
                    "account and host\n"
                    "  ok       token, clock, rate, state\n"
                    "all is well\n"
    );
    auto const bad = admin.run({"check", "a_b.example.com"});
    BOOST_TEST(bad.status == 10);
    BOOST_TEST(
        bad.out ==
        "a_b.example.com\n"
        "  error    name        no CA issues for a_b.example.com: label 'a_b' has an underscore\n"
        "                       a_b.example.com\n"
        "                       to do: ask for another name\n"
        "account and host\n"
        "  ok       state\n"
        "1 error, 0 warnings\n"
    );
    BOOST_TEST(bad.err == "acme-dns01: error: 1 problem was found\n");
}

BOOST_AUTO_TEST_CASE(colours_are_for_terminals_without_no_color) {
    local_digitalocean s(quick());
    user admin(s);
    terminal const t;
    texts const line{"check", "www.example.com"};
    constexpr auto green = "\x1b[32m";
    admin.run_on(t, line, true);
    BOOST_TEST(t.drawn().find(green) != std::string::npos);
    BOOST_TEST(admin.run(line).out.find('\x1b') == std::string::npos);
    admin.with("NO_COLOR", "1").run_on(t, line, true);
    auto const plain = t.drawn();
    BOOST_TEST(plain.find("account and host") != std::string::npos);
    BOOST_TEST(plain.find(green) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_write_test_leaves_everything_as_it_was) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const before = s.records("example.com").size();
    auto const done = admin.run(
        {"check", "www.example.com", "example.com", "--write-test", "--settle", "0", "--json"}
    );
    BOOST_TEST(done.status == 0);
    BOOST_TEST(done.err == "");
    auto const all = findings_in(done);
    BOOST_TEST(std::ranges::count_if(all, [](auto const& f) {
                   return whole(f).find(
                              "a record created in zone example.com was on every name server"
                          ) != std::string::npos;
               }) == 2);
    BOOST_TEST(s.records("example.com").size() == before);
    BOOST_TEST(admin.outstanding("value").empty());
    auto const calls = s.calls();
    auto const made = std::ranges::find(calls, 201U, &sandbox::call::status);
    BOOST_REQUIRE(made != calls.end());
    BOOST_TEST(made->body.find("_acme-challenge.acme-dns01-check-") != std::string::npos);
    // Once for both domains.
    BOOST_TEST(std::ranges::count(calls, 201U, &sandbox::call::status) == 1);
}

// One domain of a zone costs a few questions more; fifty cost no more rounds of them.
BOOST_AUTO_TEST_CASE(the_servers_of_a_zone_are_asked_once_for_all_its_domains) {
    world w;
    auto const one = check(w).questions;
    for (int i = 0; i < 10; ++i)
        w.domains.push_back("n" + std::to_string(i) + ".example.test");
    auto const eleven = check(w);
    BOOST_TEST(eleven.status == 0);
    BOOST_TEST(one < 60U);
    BOOST_TEST(eleven.questions - one < 10U * 20U);
    // The zones, and the two requests that show the scopes.
    BOOST_TEST(eleven.calls.size() == 3U);
}

// It drops every packet, and it is asked whether it is there, and nothing else: by two datagrams,
// and over TCP.
BOOST_AUTO_TEST_CASE(a_dead_server_is_asked_no_more_for_more_domains) {
    for (int const more : {0, 20}) {
        world w;
        for (int i = 0; i < more; ++i)
            w.domains.push_back("n" + std::to_string(i) + ".example.test");
        std::atomic<int> whether_there = 0;
        std::atomic<int> about_caa = 0;
        w.override = [&](received_query const& q) {
            if (q.address != world::second) return world::replies();
            if (q.query.asked.type == dns::record_type::soa) ++whether_there;
            if (q.query.asked.type == dns::record_type::caa) ++about_caa;
            return world::replies(std::vector<reply>());
        };
        BOOST_TEST(check(w).status == 0);
        BOOST_TEST(whether_there == 3);
        BOOST_TEST(about_caa == 0);
    }
}

// A server that may only fail at EDNS is asked without it once its time is over. By then the other
// one has been asked everything.
BOOST_AUTO_TEST_CASE(a_silent_server_holds_up_no_other) {
    world w;
    w.domains = {"www.example.test", "a.example.test", "b.example.test"};
    std::mutex mutex;
    texts came;
    w.override = [&](received_query const& q) {
        std::lock_guard const lock(mutex);
        auto const is_plain = q.query.edns_size == 0;
        auto const is_soa = q.query.asked.type == dns::record_type::soa;
        if (q.address == world::first) came.emplace_back("question");
        if (q.address == world::second && is_plain && is_soa) came.emplace_back("end");
        auto const is_dropped = q.address == world::second && !is_plain && !q.over_tcp;
        return is_dropped ? world::replies(std::vector<reply>()) : world::replies();
    };
    auto const done = check(w);
    check_found("servers", "does not answer queries with EDNS", done.findings);
    auto const end = std::ranges::find(came, "end");
    BOOST_REQUIRE((end != came.end()));
    // For each domain: its aliases, its zone, its CAA records, and a name that does not exist.
    BOOST_TEST(std::distance(came.begin(), end) > 12);
    BOOST_TEST(std::count(end, came.end(), "question") == 0);
}

// A question is in flight at least from when the server has it until its answer leaves, 20 ms
// later.
BOOST_AUTO_TEST_CASE(at_most_sixty_four_questions_are_in_flight) {
    constexpr std::chrono::milliseconds distance(20);
    world w;
    w.domains.clear();
    for (int i = 0; i < 50; ++i)
        w.domains.push_back("n" + std::to_string(i) + ".example.test");
    auto const honest = serving(w.public_dns);
    std::mutex mutex;
    std::vector<clock::time_point> came;
    w.override = [&](received_query const& q) {
        std::lock_guard const lock(mutex);
        came.push_back(clock::now());
        auto answer = honest(q);
        for (auto& r : answer)
            r.after = distance;
        return std::optional(answer);
    };
    BOOST_TEST(check(w).status == 0);
    std::size_t most = 0;
    for (auto last = came.begin(); last != came.end(); ++last) {
        auto const first = std::ranges::lower_bound(came, *last - distance);
        most = std::max(most, static_cast<std::size_t>(last - first) + 1);
    }
    BOOST_TEST(most <= 64U);
    BOOST_TEST(most > 16U);
}

BOOST_AUTO_TEST_SUITE_END()
