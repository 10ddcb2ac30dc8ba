#include "support/client_world.hpp"
#include "support/hook_clients.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(clients_failures)

using namespace acme_dns01::test;

namespace {

struct ending {
    int status = -1;
    std::string told;
};

// The API knows the token no more.
ending ending_of(hook_client const& client) {
    auto const here = new_world(quick());
    here->s.inject(acme_dns01::sandbox::parse_fault("401 x*").value());
    client_task const task{here->s, here->ca, here->scratch.path(), {"example.com"}};
    auto const ended = acme_dns01::test::run(client.command(task)).value();
    return {ended.status, ended.out + ended.err};
}

constexpr auto sentence =
    "acme-dns01: error: example.com: listing the zones: DigitalOcean does not accept the token "
    "(401): Unable to authenticate you. (request ";
constexpr auto hint =
    "acme-dns01: hint: create a token at https://cloud.digitalocean.com/account/api/tokens and use "
    "it instead\n";

} // namespace

BOOST_AUTO_TEST_CASE(every_client_shows_the_error_and_hint_of_its_hook) {
    auto const clients = hook_clients();
    auto const endings =
        side_by_side<ending>(clients.size(), [&](std::size_t i) { return ending_of(clients[i]); });
    for (std::size_t i = 0; i < clients.size(); ++i) {
        auto const& told = endings[i].told;
        BOOST_TEST_CONTEXT(clients[i].name) {
            BOOST_TEST(endings[i].status != 0);
            BOOST_TEST(told.find(sentence) != std::string::npos, told);
            BOOST_TEST(told.find(hint) != std::string::npos, told);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
