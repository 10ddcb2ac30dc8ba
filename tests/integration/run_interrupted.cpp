#include "support/command.hpp"
#include "support/tested.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

BOOST_AUTO_TEST_SUITE(integration_run_interrupted)

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

} // namespace

BOOST_AUTO_TEST_CASE(a_signal_after_the_client_has_ended_ends_the_removal) {
    for (auto const number : {SIGINT, SIGTERM, SIGHUP}) {
        BOOST_TEST_CONTEXT(number) {
            local_digitalocean s(quick());
            s.inject(acme_dns01::sandbox::parse_fault("DELETE delay=30 +1").value());
            user const admin(s);
            auto run = acme_dns01::test::running_command::start(run_of_client(s)).value();
            auto const is_removing = [&] {
                return admin.outstanding("state") == texts{"removing"};
            };
            BOOST_TEST_REQUIRE(becomes_true(is_removing));
            BOOST_TEST_REQUIRE(becomes_true([&] { return s.arrived() > s.calls().size(); }));
            run.send_signal(number);
            auto const done = run.wait();
            BOOST_TEST(done.status == 5);
            BOOST_TEST(
                done.err ==
                "acme-dns01: warning: interrupted, with 1 record left: example.com/28448432\n"
                "acme-dns01: hint: remove it with `acme-dns01" +
                    place_of(s) + " cleanup --id example.com/28448432`\n"
            );
            // The API has not answered yet.
            BOOST_TEST(s.arrived() > s.calls().size());
            BOOST_TEST(admin.outstanding("value") == texts{value_a}, per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_signal_during_the_check_ends_run_before_its_client_starts) {
    local_digitalocean s(quick());
    s.inject(acme_dns01::sandbox::parse_fault("GET delay=30").value());
    auto run = acme_dns01::test::running_command::start(run_of_client(s)).value();
    BOOST_TEST_REQUIRE(becomes_true([&] { return s.arrived() > 0; }));
    run.send_signal(SIGTERM);
    BOOST_TEST(run.wait().status == 128 + SIGTERM);
    BOOST_TEST(user(s).outstanding("state").empty());
}

BOOST_AUTO_TEST_SUITE_END()
