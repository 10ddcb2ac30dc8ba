#include "support/client_world.hpp"
#include "support/hook_clients.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(clients_pauses)

using namespace acme_dns01::test;

namespace {

struct ending {
    int status = -1;
    std::string told;
};

ending ending_of(hook_client const& client) {
    auto const here = new_world(quick());
    client_task const task{
        here->s,
        here->ca,
        here->scratch.path(),
        {"example.com", "www.example.com", "mail.example.com"}};
    auto const done = acme_dns01::test::run(client.command(task)).value();
    return {done.status, done.out + done.err};
}

} // namespace

// With the settings that the README tells. By itself lego would sleep for a minute between two
// names, as often as there are names but one.
BOOST_AUTO_TEST_CASE(lego_does_not_sleep_between_names) {
    auto clients = hook_clients();
    std::erase_if(clients, [](auto const& client) { return !client.name.starts_with("lego"); });
    BOOST_TEST_REQUIRE(clients.size() == 2U);
    auto const endings =
        side_by_side<ending>(clients.size(), [&](std::size_t i) { return ending_of(clients[i]); });
    for (std::size_t i = 0; i < clients.size(); ++i) {
        BOOST_TEST_CONTEXT(clients[i].name << "\n" << endings[i].told) {
            BOOST_TEST(endings[i].status == 0);
            auto const& told = endings[i].told;
            BOOST_TEST(told.find("sequence: wait for 0s\n") != std::string::npos);
            BOOST_TEST(told.find("sequence: wait for 1m0s\n") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
