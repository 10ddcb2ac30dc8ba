#include "dns/exchange.hpp"
#include "support/run_awaitable.hpp"
#include "support/scripted_name_server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

BOOST_AUTO_TEST_SUITE(integration_first_answer)

using namespace acme_dns01;
using namespace acme_dns01::test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

auto const asked_name = dns::name::parse("example.com").value();
texts const addresses{"127.53.15.1", "127.53.15.2", "127.53.15.3"};

// What each server does: nothing, or something after a while.
struct conduct {
    std::string says; // empty: nothing; "no": nothing useful
    std::chrono::milliseconds after{0};
};

struct told_by {
    std::string what;
    double took = 0;
};

struct world {
    explicit world(std::vector<conduct> all)
        : server(
              [all](received_query const& q) -> std::vector<reply> {
                  auto const which = std::ranges::find(addresses, q.address) - addresses.begin();
                  auto const& c = all.at(static_cast<std::size_t>(which));
                  if (c.says.empty()) return {};
                  return {{txt_answer(q, {c.says}), source::server, c.after}};
              },
              addresses
          ) {}

    told_by ask() const {
        std::vector<dns::endpoint> servers;
        for (auto const& address : addresses)
            servers.emplace_back(boost::asio::ip::make_address(address), server.port());
        dns::question const asked{asked_name, dns::record_type::txt};
        dns::ask_options const options{.patience = 1s};
        std::function<bool(dns::message const&)> const is_useful = [](dns::message const& m) {
            return m.answer.front().data != "no";
        };
        auto const start = clock::now();
        auto const came = run(dns::first_answer(servers, asked, options, is_useful));
        auto const took = seconds(clock::now() - start).count();
        auto const& last = came.back().answer;
        return {last ? last->answer.front().data : "silence", took};
    }

    std::size_t servers_asked() const {
        std::set<std::string> asked;
        for (auto const& q : server.received())
            asked.insert(q.address);
        return asked.size();
    }

    scripted_name_server server;
};

} // namespace

BOOST_AUTO_TEST_CASE(the_first_useful_answer_counts_without_delay) {
    struct {
        std::string what;
        std::vector<conduct> all;
        std::string expected;
        double least;
        std::size_t questions;
    } const cases[] = {
        {"the first", {{"a"}, {"b"}, {"c"}}, "a", 0, 1},
        {"the first is dead", {{""}, {"b"}, {"c"}}, "b", 0.2, 2},
        {"two are dead", {{""}, {""}, {"c"}}, "c", 0.4, 3},
        {"the first is slow, and not given up", {{"a", 250ms}, {""}, {""}}, "a", 0.25, 2},
        {"the first is useless", {{"no"}, {"b"}, {"c"}}, "b", 0, 2},
        {"all are useless", {{"no"}, {"no"}, {"no"}}, "no", 0, 3},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            // The next server is asked a fifth of a second later. On a busy machine one that is not
            // needed may be asked as well, but not every time.
            auto fewest = addresses.size() + 1;
            for (int i = 0; i < 4 && fewest > c.questions; ++i) {
                world const w(c.all);
                auto const told = w.ask();
                BOOST_TEST(told.what == c.expected);
                BOOST_TEST(told.took >= c.least);
                fewest = std::min(fewest, w.servers_asked());
            }
            BOOST_TEST(fewest == c.questions);
        }
    }
}

BOOST_AUTO_TEST_CASE(silence_of_all_servers_is_reported_at_the_timeout) {
    world const w({{""}, {""}, {""}});
    auto const told = w.ask();
    BOOST_TEST(told.what == "silence");
    BOOST_TEST(told.took >= 1.4);
    // Within its second each is asked three times at most.
    BOOST_TEST(w.server.received().size() <= 9U);
}

BOOST_AUTO_TEST_CASE(without_servers_there_is_an_error_at_once) {
    dns::question const asked{asked_name, dns::record_type::txt};
    std::vector<dns::endpoint> const none;
    std::function<bool(dns::message const&)> const any = [](auto const&) { return true; };
    dns::ask_options const options;
    BOOST_TEST(run(dns::first_answer(none, asked, options, any)).empty());
}

BOOST_AUTO_TEST_SUITE_END()
