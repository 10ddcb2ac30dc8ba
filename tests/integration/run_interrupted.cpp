#include "support/command.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <unistd.h>

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

constexpr auto leaves_a_record =
    "\"$0\" present --quiet --no-wait example.com AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; "
    "exit 5";

acme_dns01::test::command run_of_client(local_digitalocean const& s) {
    acme_dns01::test::command run;
    run.arguments = {tested::program(), "run", "--domain", "example.com", "--"};
    texts const client{"sh", "-c", leaves_a_record, tested::program()};
    run.arguments.insert(run.arguments.end(), client.begin(), client.end());
    run.environment = s.environment();
    run.capture = true;
    return run;
}

void wait_for_state(user const& admin, std::string const& state) {
    auto const end = acme_dns01::clock::now() + std::chrono::seconds(20);
    while (admin.outstanding("state") != texts{state}) {
        BOOST_TEST_REQUIRE((acme_dns01::clock::now() < end));
        ::usleep(20'000);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(integration_run_interrupted)

BOOST_AUTO_TEST_CASE(what_asks_run_to_end_after_its_client_ends_the_removal) {
    for (auto const number : {SIGINT, SIGTERM, SIGHUP}) {
        BOOST_TEST_CONTEXT(number) {
            local_digitalocean s(quick());
            s.inject(acme_dns01::sandbox::parse_fault("DELETE delay=30").value());
            user const admin(s);
            auto const start = acme_dns01::clock::now();
            auto run = acme_dns01::test::running_command::start(run_of_client(s)).value();
            wait_for_state(admin, "removing");
            run.send_signal(number);
            auto const done = run.wait();
            BOOST_TEST(done.status == 5);
            BOOST_TEST(
                done.err == "acme-dns01: warning: sh has left 1 record that could not be removed: "
                            "`acme-dns01 sweep` will\n"
            );
            BOOST_TEST((acme_dns01::clock::now() - start < std::chrono::seconds(25)));
            BOOST_TEST(admin.outstanding("value") == texts{value_a}, per_element());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
