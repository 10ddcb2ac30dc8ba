#include "support/tested.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

BOOST_AUTO_TEST_SUITE(integration_crashes)

using namespace acme_dns01::test;
using acme_dns01::sandbox::fault;
using acme_dns01::sandbox::fault_action;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::test::running_command;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

acme_dns01::test::command program(local_digitalocean const& s, texts const& arguments) {
    acme_dns01::test::command command;
    command.arguments = {tested::program()};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = s.environment();
    command.capture = true;
    return command;
}

// The process is killed while the API takes its time over its `requests`th request; then the API
// acts upon it, with nobody left to hear of that.
void kill_during_request(
    local_digitalocean& s, fault const& slow, std::size_t requests, texts const& line
) {
    s.inject(slow);
    s.clear_calls();
    auto const before = s.arrived();
    auto victim = running_command::start(program(s, line)).value();
    BOOST_TEST_REQUIRE(becomes_true([&] { return s.arrived() == before + requests; }));
    victim.send_signal(SIGKILL);
    BOOST_TEST(victim.wait().status == 128 + SIGKILL);
    BOOST_TEST_REQUIRE(becomes_true([&] { return s.calls().size() == requests; }));
}

fault slowly(std::string const& method) {
    auto slow = failing(fault_action::delay, method);
    slow.delay = acme_dns01::seconds(2);
    return slow;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_process_killed_while_it_creates_leaves_a_row_for_cleanup) {
    local_digitalocean s(quick());
    user const admin(s);
    kill_during_request(s, slowly("POST"), 2, {"present", "example.com", value_a});
    BOOST_TEST(admin.outstanding("state") == texts{"intended"}, per_element());
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
    BOOST_TEST(admin.run({"cleanup", "example.com", value_a}).status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_CASE(a_process_killed_while_it_removes_leaves_a_row_for_cleanup) {
    local_digitalocean s(quick());
    user const admin(s);
    admin.run({"present", "example.com", value_a, "--no-wait"});
    kill_during_request(s, slowly("DELETE"), 1, {"cleanup", "example.com", value_a});
    BOOST_TEST(admin.outstanding("state") == texts{"removing"}, per_element());
    auto const again = admin.run({"cleanup", "example.com", value_a});
    BOOST_TEST(again.out == "example.com/28448432 was gone already\n");
    BOOST_TEST(again.status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(admin.outstanding("state").empty());
}

BOOST_AUTO_TEST_SUITE_END()
