#include "digitalocean/requester.hpp"

#include "base/concurrent.hpp"
#include "journal/ledger.hpp"
#include "support/api_client.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

BOOST_AUTO_TEST_SUITE(digitalocean_requester)

using namespace acme_dns01;
using namespace acme_dns01::digitalocean;
using namespace acme_dns01::test;
using sandbox::fault;
using sandbox::fault_action;
using sandbox::local_digitalocean;
using std::chrono::system_clock;

namespace {

dns::name const zone = dns::name::parse("example.com").value();

constexpr std::int64_t first_ns = 28448429; // a record that the sandbox makes with the zone

fault answering(std::string const& method, unsigned status, std::size_t times = 1) {
    auto f = failing(fault_action::answer, method, times);
    f.status = status;
    return f;
}

fault rate_limited(std::string const& method, std::string const& retry_after) {
    auto f = answering(method, 429);
    f.headers = {{"retry-after", retry_after}};
    return f;
}

operation creating_text() {
    record_fields fields;
    fields.type = "TXT";
    fields.name = "a";
    fields.data = "b";
    return creating_record(zone, fields);
}

operation changing_ttl(operation (*how)(dns::name const&, std::int64_t, record_fields const&)) {
    record_fields fields;
    fields.type = "NS";
    fields.ttl = 60;
    return how(zone, first_ns, fields);
}

std::string kind_of(ending const& end) {
    return end.outcome ? "success" : std::string(to_string(end.outcome.error().kind));
}

// Looks for the zone so many times at once.
std::vector<std::string> kinds_of_many(api_client& client, std::size_t count) {
    std::vector<boost::asio::awaitable<ending>> tasks;
    auto const op = retrieving_domain(zone);
    for (std::size_t i = 0; i < count; ++i)
        tasks.push_back(client.requester().send(op));
    std::vector<std::string> kinds;
    for (auto const& end : client.run(all_at_once(std::move(tasks))))
        kinds.push_back(kind_of(end));
    return kinds;
}

sandbox::options slow_api() {
    auto o = quick();
    o.faults.push_back(failing(fault_action::delay, "", fault::always));
    o.faults.back().delay = seconds(0.02);
    return o;
}

using turn = std::optional<wall_clock::time_point>;

// A budget that answers at once.
template <class Take>
auto answering(Take take) {
    return [take]() -> boost::asio::awaitable<turn> { co_return take(); };
}

} // namespace

BOOST_AUTO_TEST_CASE(the_answer_comes_back_as_json) {
    local_digitalocean const s(quick());
    api_client client(s);
    auto const found = client.run(client.requester().send(retrieving_domain(zone)));
    BOOST_REQUIRE(found.outcome);
    BOOST_TEST(found.outcome->at("domain").at("name").as_string() == "example.com");
    BOOST_TEST(!found.was_doubtful);
    auto const removed = client.run(client.requester().send(deleting_record(zone, first_ns)));
    BOOST_REQUIRE(removed.outcome);
    BOOST_TEST(removed.outcome->is_null());
    BOOST_TEST(s.arrived() == 2U);
    BOOST_TEST(client.said.empty());
}

BOOST_AUTO_TEST_CASE(a_refusal_is_final_and_has_the_apis_words_and_request_id) {
    local_digitalocean const s(quick());
    api_client client(s);
    auto const end = client.run(client.requester().send(retrieving_record(zone, 7)));
    BOOST_REQUIRE(!end.outcome);
    auto const& e = end.outcome.error();
    BOOST_TEST(to_string(e.kind) == "not_found");
    BOOST_TEST(
        e.text() == "reading record 7 of zone example.com: not found at DigitalOcean (404): "
                    "The resource you requested could not be found."
    );
    BOOST_TEST(e.request_id.size() == 36U);
    BOOST_TEST(s.arrived() == 1U);
}

BOOST_AUTO_TEST_CASE(a_request_is_repeated_as_its_method_allows) {
    struct {
        std::string what;
        operation op;
        fault wrong;
        std::string outcome;
        std::size_t requests;
        bool was_doubtful;
    } const cases[] = {
        {"GET, 503", retrieving_domain(zone), answering("GET", 503), "success", 2, true},
        {"GET, 429", retrieving_domain(zone), rate_limited("GET", "0"), "success", 2, false},
        {"POST, 503", creating_text(), answering("POST", 503), "server_error", 1, false},
        {"POST, 429", creating_text(), rate_limited("POST", "0"), "success", 2, false},
        {"PUT, 503", changing_ttl(updating_record), answering("PUT", 503), "success", 2, true},
        {"PATCH, 503",
         changing_ttl(patching_record),
         answering("PATCH", 503),
         "server_error",
         1,
         false},
        {"DELETE that was carried out, no answer",
         deleting_record(zone, first_ns),
         failing(fault_action::reset_after, "DELETE"),
         "not_found",
         2,
         true},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            local_digitalocean s(quick());
            s.inject(c.wrong);
            api_client client(s);
            auto const end = client.run(client.requester().send(c.op));
            BOOST_TEST(kind_of(end) == c.outcome);
            BOOST_TEST(s.arrived() == c.requests);
            BOOST_TEST(end.was_doubtful == c.was_doubtful);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_repetition_is_announced_and_all_are_counted) {
    local_digitalocean s(quick());
    s.inject(answering("GET", 503, fault::always));
    api_client client(s, deadline::in(seconds(0.8)));
    auto const end = client.run(client.requester().send(retrieving_domain(zone)));
    BOOST_TEST(kind_of(end) == "server_error");
    auto const attempts = s.arrived();
    BOOST_TEST(attempts > 1U);
    BOOST_TEST(
        end.outcome.error().message.ends_with(", tried " + std::to_string(attempts) + " times")
    );
    BOOST_TEST(client.said.size() == attempts - 1);
    BOOST_TEST(client.shown.size() == attempts - 1);
    BOOST_TEST(client.said.at(0).starts_with(
        "looking for zone example.com: DigitalOcean reported a server error (503): "
    ));
    BOOST_TEST(client.said.at(0).find("; trying again in 0.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_rate_limit_beyond_the_deadline_is_not_waited_for) {
    local_digitalocean s(quick());
    s.inject(rate_limited("GET", "60"));
    std::vector<wall_clock::time_point> closed;
    request_budget budget;
    budget.close_until = [&](auto moment) { closed.push_back(moment); };
    api_client client(s, deadline::in(seconds(30)), budget);
    auto const before = system_clock::now();
    auto const end = client.run(client.requester().send(retrieving_domain(zone)));
    BOOST_TEST(kind_of(end) == "rate_limited");
    auto const& e = end.outcome.error();
    BOOST_TEST(e.message.starts_with(
        "looking for zone example.com: DigitalOcean's rate limit is used up until 20"
    ));
    BOOST_TEST(e.message.ends_with(" UTC, which is later than --deadline allows"));
    BOOST_TEST(e.request_id.size() == 36U);
    BOOST_TEST(s.arrived() == 1U);
    BOOST_REQUIRE(closed.size() == 1U);
    BOOST_TEST((closed[0] >= before + std::chrono::seconds(60)));
}

BOOST_AUTO_TEST_CASE(no_request_leaves_before_the_budget_lets_it) {
    local_digitalocean const s(quick());
    unsigned asked = 0;
    request_budget budget;
    budget.take = answering([&asked]() -> turn {
        if (++asked > 2) return std::nullopt;
        return system_clock::now() + std::chrono::milliseconds(20);
    });
    api_client client(s, deadline::in(seconds(60)), budget);
    auto const end = client.run(client.requester().send(retrieving_domain(zone)));
    BOOST_TEST(kind_of(end) == "success");
    BOOST_TEST(asked == 3U);
    BOOST_REQUIRE(client.said.size() == 2U);
    BOOST_TEST(
        client.said[0] == "looking for zone example.com: DigitalOcean's rate limit is used up; "
                          "continuing in 0.0 s"
    );
}

BOOST_AUTO_TEST_CASE(a_full_window_beyond_the_deadline_costs_no_request) {
    local_digitalocean const s(quick());
    constexpr std::array windows{rate_window{std::chrono::seconds(60), 2}};
    auto counts = journal::ledger::in_memory({"token", windows});
    request_budget budget;
    budget.take = [&] { return counts.take_with_others(); };
    api_client client(s, deadline::in(seconds(30)), budget);
    for (auto const* expected : {"success", "success", "rate_limited"}) {
        auto const end = client.run(client.requester().send(retrieving_domain(zone)));
        BOOST_TEST(kind_of(end) == expected);
    }
    BOOST_TEST(s.arrived() == 2U);
}

BOOST_AUTO_TEST_CASE(each_request_at_the_same_time_has_a_connection_of_its_own) {
    auto o = slow_api();
    o.faults.back().delay = seconds(0.3);
    local_digitalocean const s(o);
    api_client client(s);
    kinds_of_many(client, 10);
    // On a busy host one more for each that waits for a quarter of a second (RFC 8305).
    auto const opened = s.connections();
    BOOST_TEST(opened >= 10U);
    // They are kept for later requests.
    kinds_of_many(client, 10);
    BOOST_TEST(s.connections() == opened);
}

BOOST_AUTO_TEST_CASE(at_most_a_hundred_requests_are_on_their_way) {
    local_digitalocean const s(slow_api());
    std::size_t taken = 0;
    std::size_t most_on_their_way = 0;
    request_budget budget;
    budget.take = answering([&]() -> turn {
        most_on_their_way = std::max(most_on_their_way, ++taken - s.calls().size());
        return std::nullopt;
    });
    api_client client(s, deadline::in(seconds(60)), budget);
    auto const kinds = kinds_of_many(client, 130);
    BOOST_TEST(std::ranges::count(kinds, "success") == 130);
    BOOST_TEST(s.arrived() == 130U);
    // The budget counts a request when it leaves, not when it begins to wait.
    BOOST_TEST(taken == 130U);
    BOOST_TEST(most_on_their_way == requester::connections_max);
}

BOOST_AUTO_TEST_CASE(only_a_late_answer_counts_at_its_end) {
    for (auto const& [delay, expected] : {std::pair(1.2, 1), std::pair(0.0, 0)}) {
        auto o = slow_api();
        o.faults.back().delay = seconds(delay);
        local_digitalocean const s(o);
        request_budget budget;
        std::vector<wall_clock::time_point> later;
        budget.count_later = [&](auto taken) { later.push_back(taken); };
        api_client client(s, deadline::in(seconds(30)), budget);
        auto const before = system_clock::now();
        auto const end = client.run(client.requester().send(retrieving_domain(zone)));
        BOOST_TEST(kind_of(end) == "success");
        BOOST_TEST(later.size() == static_cast<std::size_t>(expected));
        for (auto const& taken : later)
            BOOST_TEST((taken >= before && taken < system_clock::now() - window_grace));
    }
}

BOOST_AUTO_TEST_CASE(many_that_wait_for_the_same_turn_announce_it_once) {
    local_digitalocean const s(slow_api());
    turn const common = system_clock::now() + std::chrono::milliseconds(300);
    request_budget budget;
    budget.take =
        answering([common] { return system_clock::now() < *common ? common : std::nullopt; });
    api_client client(s, deadline::in(seconds(60)), budget);
    auto const kinds = kinds_of_many(client, 20);
    BOOST_TEST(std::ranges::count(kinds, "success") == 20);
    BOOST_TEST(client.said.size() == 1U);
    BOOST_TEST(client.shown.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_the_wait_for_a_connection) {
    auto o = slow_api();
    o.faults.back().delay = seconds(1.5);
    local_digitalocean const s(o);
    api_client client(s, deadline::in(seconds(0.5)));
    std::vector<boost::asio::awaitable<ending>> tasks;
    auto const op = retrieving_domain(zone);
    for (std::size_t i = 0; i <= requester::connections_max; ++i)
        tasks.push_back(client.requester().send(op));
    auto const ends = client.run(all_at_once(std::move(tasks)));
    BOOST_REQUIRE(!ends.back().outcome);
    auto const& e = ends.back().outcome.error();
    BOOST_TEST(to_string(e.kind) == "unreachable");
    BOOST_TEST(
        e.message == "looking for zone example.com: the time limit was reached before the request "
                     "could be sent"
    );
    BOOST_TEST(e.hint == "allow more time with --deadline");
    BOOST_TEST(s.connections() <= requester::connections_max);
}

BOOST_AUTO_TEST_SUITE_END()
