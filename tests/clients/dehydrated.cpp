#include "support/client_world.hpp"
#include "support/hook_clients.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(clients_dehydrated)

using namespace acme_dns01::test;

namespace {

using texts = std::vector<std::string>;

struct attempt {
    std::string client;
    texts options;
    std::size_t created = 0;
};

struct ending {
    std::size_t created = 0;
    std::size_t left = 0;
    std::string outstanding;
    std::string told;
};

// dehydrated asks for no cleanup when a hook has failed, nor when the CA says no: it only tells
// when it ends, and with --keep-going only when all is over.
std::vector<attempt> all_attempts() {
    std::vector<attempt> all;
    for (texts const& options : {texts{}, texts{"--keep-going"}}) {
        all.push_back({"dehydrated", options, 1});
        // One request fails of three side by side.
        all.push_back({"dehydrated with HOOK_CHAIN", options, 2});
    }
    return all;
}

hook_client client_called(std::string const& name) {
    for (auto& client : hook_clients()) {
        if (client.name == name) return client;
    }
    throw std::invalid_argument("no client " + name);
}

ending ending_of(attempt const& a) {
    auto const here = new_world(quick());
    auto& s = here->s;
    s.inject(acme_dns01::sandbox::parse_fault("POST 422 +1").value());
    texts const names{"example.com", "www.example.com", "mail.example.com"};
    client_task const task{s, here->ca, here->scratch.path(), names};
    auto command = client_called(a.client).command(task);
    command.arguments.insert(command.arguments.end(), a.options.begin(), a.options.end());
    auto const done = acme_dns01::test::run(command).value();
    ending e;
    for (auto const& call : s.calls())
        e.created += call.method == "POST" && call.status == 201 ? 1 : 0;
    e.left = s.records("example.com").size();
    e.outstanding = user(s).run({"status"}).out;
    e.told = done.out + done.err;
    return e;
}

} // namespace

BOOST_AUTO_TEST_CASE(after_a_failure_records_are_removed_when_dehydrated_exits) {
    auto const attempts = all_attempts();
    auto const endings = side_by_side<ending>(attempts.size(), [&](std::size_t i) {
        return ending_of(attempts[i]);
    });
    acme_dns01::sandbox::local_digitalocean const untouched(quick());
    for (std::size_t i = 0; i < attempts.size(); ++i) {
        auto const& a = attempts[i];
        auto const& e = endings[i];
        BOOST_TEST_CONTEXT(a.client << " " << a.options.size() << "\n" << e.told) {
            BOOST_TEST(e.created == a.created);
            BOOST_TEST(e.left == untouched.records("example.com").size());
            BOOST_TEST(e.outstanding == "nothing outstanding\n");
            BOOST_TEST(e.told.find("DigitalOcean refused the request (422)") != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
