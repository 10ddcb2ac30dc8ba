#include "base/concurrent.hpp"
#include "caa/survey.hpp"
#include "dns/validating_resolver.hpp"
#include "support/caa_world.hpp"
#include "support/command.hpp"
#include "support/run_awaitable.hpp"
#include "support/tested.hpp"
#include "support/timed_server.hpp"
#include "support/timing.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(integration_caa_lookups)

using namespace acme_dns01;
using namespace acme_dns01::test;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

dns::name parsed(std::string const& text) { return dns::name::parse(text).value(); }

// No name has CAA records, and the root has no keys.
std::vector<reply> nothing(received_query const& q, std::chrono::milliseconds later = 0ms) {
    auto m = answer_to(q);
    m.recursion_available = true;
    m.authority.push_back(
        {parsed("test"), dns::record_type::soa, 60, "ns.example. host.example. 1 2 3 4 5"}
    );
    return {{encoded(m), source::server, later}};
}

test::outcome check(texts const& domains, texts const& more) {
    test::command command;
    command.arguments = {
        tested::program(), "caa", "check", "--issuer", "letsencrypt.org", "--json"};
    std::ranges::copy(more, std::back_inserter(command.arguments));
    std::ranges::copy(domains, std::back_inserter(command.arguments));
    command.capture = true;
    command.time_limit = seconds(60);
    return test::run(command).value();
}

std::string address_of(dns::endpoint const& server) { return dns::to_string(server); }

texts numbered(std::size_t count, std::string const& end) {
    texts names;
    for (std::size_t i = 0; i < count; ++i)
        names.push_back("d" + std::to_string(i) + end);
    return names;
}

dns::validating_settings asking(scripted_name_server const& server) {
    dns::validating_settings settings;
    settings.forward_to = {server.endpoint()};
    return settings;
}

using climb = std::vector<caa::level>;
using climbs = std::vector<climb>;

// Everything at once.
boost::asio::awaitable<climbs>
climbs_of(dns::validating_settings settings, texts domains, clock::duration patience) {
    auto const executor = co_await boost::asio::this_coro::executor;
    std::vector<dns::endpoint> const no_others;
    auto const found = co_await dns::find_resolver(executor, settings, no_others, patience);
    auto const& resolver = found.value().resolver.value();
    std::vector<boost::asio::awaitable<climb>> tasks;
    for (auto const& domain : domains)
        tasks.push_back(caa::look_up(resolver, parsed(domain), patience));
    auto all = co_await all_at_once(std::move(tasks));
    co_return all;
}

// The note alone: the resolver itself must not outlive the event loop.
async_result<std::string> found_instead_of_root(std::vector<dns::endpoint> otherwise) {
    auto const executor = co_await boost::asio::this_coro::executor;
    dns::validating_settings const from_the_root;
    auto const found = co_await dns::find_resolver(executor, from_the_root, otherwise, 0s);
    if (!found) co_return found.error();
    co_return found->note;
}

async_result<bool> validates_behind(std::vector<dns::endpoint> forwarders) {
    auto const executor = co_await boost::asio::this_coro::executor;
    dns::validating_settings settings;
    settings.forward_to = std::move(forwarders);
    std::vector<dns::endpoint> const no_others;
    auto const found = co_await dns::find_resolver(executor, settings, no_others, 0s);
    if (!found) co_return found.error();
    co_return found->resolver->validates();
}

std::vector<reply> failing(received_query const& q) {
    return {{answer_with_code(q, dns::response_code::servfail)}};
}

std::vector<reply> silent(received_query const&) { return {}; }

// The signature alone: that is all the question is asked for.
std::vector<reply> signed_keys(received_query const& q) {
    auto m = answer_to(q);
    m.answer.push_back(
        {q.query.asked.asked,
         dns::record_type::rrsig,
         60,
         "DNSKEY 8 0 172800 20361231235959 20260101000000 20326 . AAAA"}
    );
    return {{encoded(m)}};
}

} // namespace

BOOST_AUTO_TEST_CASE(all_names_of_a_climb_are_asked_at_once) {
    auto cases = read_caa_cases("caa_cases.json");
    std::erase_if(cases, [](auto const& c) { return c.id != "signed" && c.id != "listed"; });
    caa_world const w(cases);
    auto const port = w.resolver().substr(w.resolver().find(':') + 1);
    auto const resolver = *dns::parse_endpoint("127.0.0.1:" + port, 53);
    constexpr auto answer_takes = 300ms;
    auto const answers = relayed(resolver, answer_takes);
    struct {
        std::string domain;
        texts more;
        std::string dnssec;
    } const rows[] = {
        {"a.b.signed.dnssec.test", {"--trust-anchor", w.trust_anchor()}, "secure"},
        {"a.b.listed.caa.test", {"--trust-anchor", w.trust_anchor()}, "insecure"},
        {"a.b.signed.dnssec.test", {}, "unknown"},
    };
    for (auto const& row : rows) {
        BOOST_TEST_CONTEXT(row.domain << " " << row.dnssec) {
            arrivals came;
            scripted_name_server const slow([&](received_query const& q) {
                came.note(q, q.query.asked);
                return answers(q);
            });
            auto more = row.more;
            more.insert(more.end(), {"--resolver", address_of(slow.endpoint())});
            auto const done = check({row.domain}, more);
            BOOST_TEST(done.status == 0);
            auto const told = json::parse(done.out).at("results").at(0);
            BOOST_TEST(told.at("dnssec").as_string() == row.dnssec);
            BOOST_TEST(told.at("records").as_array().size() == 1U);
            BOOST_TEST(came.most_at_once(answer_takes) >= 4U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_thousand_domains_have_at_most_64_open_questions) {
    constexpr auto answer_takes = 50ms;
    sandbox::temporary_folder const folder("acme-dns01-test");
    std::string const anchor = folder.path() / "anchor";
    sandbox::write_private_file(anchor, "example.test. IN DS 1 8 2 " + std::string(64, 'a') + "\n");
    struct {
        texts more;
        int status;
    } const rows[] = {
        {{}, 0},
        // No server has its keys: what lies below it does not validate.
        {{"--trust-anchor", anchor}, 8},
    };
    for (auto const& row : rows) {
        BOOST_TEST_CONTEXT("status " << row.status) {
            arrivals came;
            scripted_name_server const server([&](received_query const& q) {
                came.note(q, q.query.asked);
                return nothing(q, answer_takes);
            });
            auto more = row.more;
            more.insert(more.end(), {"--resolver", address_of(server.endpoint())});
            auto const done = check(numbered(1000, ".example.test"), more);
            BOOST_TEST(done.status == row.status);
            BOOST_TEST(json::parse(done.out).at("results").as_array().size() == 1000U);
            BOOST_TEST(came.count() >= 1000U);
            auto const most = came.most_at_once(answer_takes);
            BOOST_TEST(most <= dns::validating_resolver::at_once_max);
            BOOST_TEST(most > dns::validating_resolver::at_once_max / 2);
        }
    }
}

// Six times as many look-ups as there are places, and answers that take longer than the library
// gives a server at first: patience begins with each one's place, and is the library's as well.
BOOST_AUTO_TEST_CASE(time_in_the_queue_does_not_count_towards_the_timeout) {
    scripted_name_server const server([](received_query const& q) { return nothing(q, 400ms); });
    auto const domains = numbered(6 * dns::validating_resolver::at_once_max, ".test");
    auto const all = run(climbs_of(asking(server), domains, 2s));
    for (auto const& levels : all)
        BOOST_TEST((levels.front().is == caa::level::content::nothing), levels.front().failure);
}

// libunbound would not notice, and would ask again until patience ends.
BOOST_AUTO_TEST_CASE(a_refusing_resolver_ends_the_command_at_once) {
    auto const nowhere = "127.0.0.1:" + std::to_string(free_port());
    auto const done = check({"a.example.test", "b.example.test"}, {"--resolver", nowhere});
    BOOST_TEST(done.status == 8);
    auto const message = "the resolver " + nowhere + " cannot be reached: Connection refused";
    auto const told = json::parse(done.out).at("error");
    BOOST_TEST(told.at("message").as_string() == message);
    BOOST_TEST(
        told.at("hint").as_string() ==
        "use --resolver to name a resolver that answers, or leave it out to ask from the root"
    );
}

BOOST_AUTO_TEST_CASE(one_answering_resolver_of_two_is_enough) {
    scripted_name_server const server([](received_query const& q) { return nothing(q); });
    auto const nowhere = "127.0.0.1:" + std::to_string(free_port());
    auto const done = check(
        {"a.example.test"}, {"--resolver", nowhere, "--resolver", address_of(server.endpoint())}
    );
    BOOST_TEST(done.status == 0, done.err);
}

BOOST_AUTO_TEST_CASE(one_question_shows_whether_a_forwarder_strips_signatures) {
    struct {
        std::string what;
        script conduct;
        bool validates;
    } const cases[] = {
        {"passes them on", signed_keys, true},
        {"strips them", [](auto const& q) { return nothing(q); }, false},
        {"fails, which says nothing", failing, true},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            scripted_name_server const server(c.conduct);
            auto const validates = run(validates_behind({server.endpoint()}));
            BOOST_REQUIRE(validates);
            BOOST_TEST(*validates == c.validates);
            auto const asked = server.received();
            BOOST_REQUIRE(asked.size() == 1U);
            BOOST_TEST(asked[0].query.asked.asked.is_root());
            BOOST_TEST(asked[0].query.recursion_desired);
            BOOST_TEST(asked[0].query.dnssec_ok);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_forwarder_that_fails_does_not_hide_what_the_next_one_does) {
    scripted_name_server const first(failing);
    scripted_name_server const second([](received_query const& q) { return nothing(q); });
    auto const validates = run(validates_behind({first.endpoint(), second.endpoint()}));
    BOOST_REQUIRE(validates);
    BOOST_TEST(!*validates);
}

BOOST_AUTO_TEST_CASE(if_no_forwarder_answers_each_is_named_with_its_reason) {
    scripted_name_server const server(silent);
    dns::endpoint const nowhere(server.endpoint().address(), free_port());
    auto const failed = run(validates_behind({nowhere, server.endpoint()}));
    BOOST_REQUIRE(!failed);
    BOOST_TEST((failed.error().kind == error_kind::dns_failure));
    BOOST_TEST(
        failed.error().message == "the resolver " + address_of(nowhere) +
                                      " cannot be reached: Connection refused, and resolver " +
                                      address_of(server.endpoint()) +
                                      " cannot be reached: it does not answer"
    );
}

BOOST_AUTO_TEST_CASE(if_the_root_is_unreachable_the_system_resolvers_are_asked) {
    scripted_name_server const server([](received_query const& q) { return nothing(q); });
    auto const found = run(found_instead_of_root({server.endpoint()}));
    BOOST_REQUIRE(found);
    BOOST_TEST(
        *found == "the DNS root cannot be reached: the system's resolvers (" +
                      address_of(server.endpoint()) +
                      ") are asked instead, and their caches may differ from what the CA will see"
    );
}

BOOST_AUTO_TEST_CASE(resolvers_that_do_not_answer_are_reported_in_time) {
    scripted_name_server const server([](received_query const&) { return std::vector<reply>(); });
    auto const address = address_of(server.endpoint());
    auto const found = run(found_instead_of_root({server.endpoint()}));
    // Two look-ups at most, each asked three times.
    BOOST_TEST(server.received().size() <= 6U);
    BOOST_REQUIRE(!found);
    BOOST_TEST((found.error().kind == error_kind::dns_failure));
    BOOST_TEST(
        found.error().message ==
        "the DNS root cannot be reached, and the system's resolvers (" + address + ") do not answer"
    );
    BOOST_TEST(
        found.error().hint ==
        "allow outgoing traffic to port 53, or name a resolver with --resolver"
    );
}

BOOST_AUTO_TEST_SUITE_END()
