#include "support/acme_client.hpp"
#include "support/client_world.hpp"
#include "support/hook_clients.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01::test;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

texts twenty_names() {
    texts names;
    for (int i = 1; i <= 20; ++i)
        names.push_back("host" + std::to_string(i) + ".example.com");
    return names;
}

// One wait a name is what some clients want, so the servers are quick.
acme_dns01::sandbox::options quick_servers() { return quick({0.0, 0.02, 0.04}); }

// What is to be seen when a client has ended.
struct ending {
    int status = -1;
    std::string told;
    texts certified;
    texts left_at_the_api;
    std::string outstanding;
    std::size_t calls = 0;
};

ending ending_of(hook_client const& client, texts const& names) {
    auto const here = new_world(quick_servers());
    client_task const task{here->s, here->ca, here->scratch.path(), names};
    auto const issued = acme_dns01::test::run(client.command(task)).value();
    ending e;
    e.status = issued.status;
    e.told = issued.out + issued.err;
    e.certified = names_in_certificate(client.certificate(task));
    e.left_at_the_api = txt_values(here->s, "example.com");
    e.outstanding = user(here->s).run({"status"}).out;
    e.calls = here->s.calls().size();
    return e;
}

// A certificate for all names, no record left, two calls a name and at most one more, and not a
// word of ours.
void check_issue(texts const& names) {
    auto const clients = hook_clients();
    auto const endings = side_by_side<ending>(clients.size(), [&](std::size_t i) {
        return ending_of(clients[i], names);
    });
    for (std::size_t i = 0; i < clients.size(); ++i) {
        auto const& e = endings[i];
        BOOST_TEST_CONTEXT(clients[i].name << "\n" << e.told) {
            BOOST_TEST(e.status == 0);
            BOOST_TEST(e.certified == sorted(names), per_element());
            BOOST_TEST(e.left_at_the_api.empty());
            BOOST_TEST(e.outstanding == "nothing outstanding\n");
            BOOST_TEST(e.calls >= 2 * names.size());
            BOOST_TEST(e.calls <= 2 * names.size() + 1);
            BOOST_TEST(e.told.find("acme-dns01: ") == std::string::npos);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(clients_every_client)

BOOST_AUTO_TEST_CASE(every_client_proves_a_name) { check_issue({"www.example.com"}); }

BOOST_AUTO_TEST_CASE(every_client_proves_a_name_and_its_wildcard) {
    check_issue({"example.com", "*.example.com"});
}

BOOST_AUTO_TEST_SUITE_END()

// A suite of its own, so that it runs beside the other: together they take longest of all.
BOOST_AUTO_TEST_SUITE(clients_twenty_names)

BOOST_AUTO_TEST_CASE(every_client_proves_twenty_names) { check_issue(twenty_names()); }

BOOST_AUTO_TEST_SUITE_END()
