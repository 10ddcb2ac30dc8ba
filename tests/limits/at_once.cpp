#include "support/order_client.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(limits_at_once)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::test::running_command;

namespace {

using texts = std::vector<std::string>;

constexpr int hooks = 50;

// The same hook for each of so many names, all started before one has ended. Returns what they say.
std::string run_at_once(local_digitalocean const& s, std::string const& hook) {
    std::vector<running_command> running;
    for (int i = 0; i < hooks; ++i) {
        acme_dns01::test::command command;
        command.arguments = {tested::program(), "hook", hook};
        command.environment = s.environment();
        command.environment["CERTBOT_DOMAIN"] = "host" + std::to_string(i) + ".example.com";
        command.environment["CERTBOT_VALIDATION"] = value_a;
        command.environment["CERTBOT_REMAINING_CHALLENGES"] = "0";
        command.capture = true;
        running.push_back(running_command::start(command).value());
    }
    std::string told;
    for (auto& one : running) {
        auto const done = one.wait();
        told += done.err;
        if (done.status != 0) told += "status " + std::to_string(done.status) + "\n";
    }
    return told;
}

} // namespace

BOOST_AUTO_TEST_CASE(fifty_hooks_at_once_neither_fail_nor_forget) {
    local_digitalocean s(quick());
    user const admin(s);
    BOOST_TEST(run_at_once(s, "certbot-auth") == "");
    BOOST_TEST(txt_values(s, "example.com").size() == hooks);
    BOOST_TEST(admin.outstanding("state") == texts(hooks, "created"));
    BOOST_TEST(run_at_once(s, "certbot-cleanup") == "");
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(admin.outstanding("state").empty());
}

// The same names in all of them, as for a pending authorization, would be the hardest case: here
// each has its own values, so that a client that took another's row would be found out.
BOOST_AUTO_TEST_CASE(twenty_clients_at_once_each_do_their_own_order) {
    constexpr std::size_t clients = 20;
    auto options = quick();
    options.limits = {};
    options.limits.per_minute = 0;
    local_digitalocean s(options);
    std::vector<running_command> running;
    for (std::size_t i = 0; i < clients; ++i) {
        auto const names = names_of_order(5, static_cast<char>('A' + i));
        running.push_back(running_command::start(order_client(s, names, -1)).value());
    }
    for (auto& one : running) {
        auto const done = one.wait();
        BOOST_TEST(done.err == "");
        BOOST_TEST(done.status == 0);
    }
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(user(s).outstanding("state").empty());
    // Two calls a name, and at most one more a client.
    BOOST_TEST(s.calls().size() <= clients * (2 * 5 + 1));
}

BOOST_AUTO_TEST_SUITE_END()
