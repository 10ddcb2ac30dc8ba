#include "support/acme_client.hpp"
#include "support/client_world.hpp"
#include "support/mishaps.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(clients_faults)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

texts const names{"*.example.com", "example.com"};

// What is left when certbot has ended.
struct ending {
    int status = 0;
    std::string told; // by certbot and its hooks
    texts certified;
    texts left_at_the_api;
    std::size_t records_at_once = 0;
    std::string outstanding;
};

// Of the records that were created, whatever the client was told.
std::size_t most_at_once(local_digitalocean const& s) {
    std::size_t now = 0;
    std::size_t most = 0;
    for (auto const& call : s.calls()) {
        if (call.method == "POST" && call.status == 201) most = std::max(most, ++now);
        if (call.method == "DELETE" && call.status == 204) --now;
    }
    return most;
}

// The real certbot with our hooks, for a name and its wildcard, in a world of its own.
ending ending_after(mishap const& m) {
    auto const here = new_world(quick());
    auto& s = here->s;
    auto const& folder = here->scratch.path();
    m.happen(s);
    auto const hooks = certbot_hooks(tested::program(), folder);
    auto const certbot = certbot_command(s, here->ca, folder, hooks, names);
    auto const issued = acme_dns01::test::run(certbot).value();
    ending e;
    e.status = issued.status;
    e.told = issued.out + issued.err + text_of(folder / "hook.err");
    e.certified = names_in_certificate(live_certificate(folder, "example.com"));
    e.left_at_the_api = txt_values(s, "example.com");
    e.records_at_once = most_at_once(s);
    e.outstanding = user(s).run({"status"}).out;
    return e;
}

std::vector<ending> endings_after(std::vector<mishap> const& all) {
    return side_by_side<ending>(all.size(), [&](std::size_t i) { return ending_after(all[i]); });
}

} // namespace

BOOST_AUTO_TEST_CASE(certbot_survives_any_single_fault_and_leaves_nothing) {
    auto const mishaps = all_mishaps();
    auto const endings = endings_after(mishaps);
    for (std::size_t i = 0; i < mishaps.size(); ++i) {
        auto const& e = endings[i];
        BOOST_TEST_CONTEXT(mishaps[i].name << "\n" << e.told) {
            BOOST_TEST(e.status == 0);
            BOOST_TEST(e.certified == names, per_element());
            BOOST_TEST(e.left_at_the_api.empty());
            BOOST_TEST(e.records_at_once == 2U);
            BOOST_TEST(e.outstanding == "nothing outstanding\n");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
