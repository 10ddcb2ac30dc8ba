#include "sandbox/temporary_folder.hpp"
#include "support/tested.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::temporary_folder;
using acme_dns01::test::running_command;

namespace {

using texts = std::vector<std::string>;

// In this folder, where nothing limits the size of a core dump.
acme_dns01::test::command dumping_in(std::filesystem::path const& folder, texts const& line) {
    acme_dns01::test::command command;
    command.arguments = {"sh", "-c", "ulimit -c unlimited && cd \"$0\" && exec \"$@\"", folder};
    command.arguments.insert(command.arguments.end(), line.begin(), line.end());
    command.capture = true;
    return command;
}

bool has_a_dump(std::filesystem::path const& folder) { return !std::filesystem::is_empty(folder); }

boost::test_tools::assertion_result dumps_are_made(boost::unit_test::test_unit_id /*test*/) {
    temporary_folder const folder("acme-dns01-test");
    run(dumping_in(folder.path(), {"sh", "-c", "kill -ABRT $$"})).value();
    boost::test_tools::assertion_result can_run(has_a_dump(folder.path()));
    can_run.message() << "a program that is aborted leaves no core dump in its folder";
    return can_run;
}

} // namespace

BOOST_AUTO_TEST_SUITE(limits_core_dump, *boost::unit_test::precondition(dumps_are_made))

BOOST_AUTO_TEST_CASE(a_program_that_has_the_token_leaves_no_core_dump) {
    local_digitalocean s(quick());
    s.inject(acme_dns01::sandbox::parse_fault("GET delay=30").value());
    temporary_folder const folder("acme-dns01-test");
    auto command = dumping_in(folder.path(), {tested::program(), "domain", "list"});
    command.environment = s.environment();
    auto running = running_command::start(command).value();
    BOOST_TEST_REQUIRE(becomes_true([&] { return s.arrived() > 0; }));
    running.send_signal(SIGABRT);
    BOOST_TEST(running.wait().status == 128 + SIGABRT);
    BOOST_TEST(!has_a_dump(folder.path()));
}

BOOST_AUTO_TEST_SUITE_END()
