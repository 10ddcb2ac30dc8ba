#include "sandbox/temporary_folder.hpp"
#include "support/tested.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

BOOST_AUTO_TEST_SUITE(integration_token)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::temporary_folder;
using acme_dns01::test::running_command;

namespace {

using texts = std::vector<std::string>;

std::string content(std::string const& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// A user whose token is in a file.
struct careful_user {
    explicit careful_user(local_digitalocean const& s) : admin(s) {
        acme_dns01::sandbox::write_private_file(token_file, s.token() + "\n");
        admin.without("DIGITALOCEAN_TOKEN").with("ACME_DNS01_TOKEN_FILE", token_file);
    }

    temporary_folder folder{"acme-dns01-test"};
    std::string token_file = folder.path() / "token";
    user admin;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_token_file_reaches_no_argument_and_no_environment) {
    local_digitalocean s(quick());
    s.inject(acme_dns01::sandbox::parse_fault("GET delay=30").value());
    careful_user const careful(s);
    acme_dns01::test::command command;
    command.arguments = {tested::program(), "domain", "list", "--token-file", careful.token_file};
    command.environment = s.environment();
    command.environment.erase("DIGITALOCEAN_TOKEN");
    command.without = {"DIGITALOCEAN_TOKEN"};
    command.capture = true;
    auto running = running_command::start(command).value();
    BOOST_TEST_REQUIRE(becomes_true([&] { return s.arrived() > 0; }));
    auto const process = "/proc/" + std::to_string(running.pid());
    auto const visible = content(process + "/cmdline") + content(process + "/environ");
    BOOST_TEST(visible.find(careful.token_file) != std::string::npos);
    BOOST_TEST(visible.find(s.token()) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_client_that_run_starts_does_not_get_the_token_of_a_file) {
    local_digitalocean const s(quick());
    careful_user const careful(s);
    auto const out = careful.admin.run(
        {"run", "--domain", "example.com", "--", "sh", "-c", "env; cat /proc/$PPID/cmdline"}
    );
    BOOST_TEST(out.status == 0);
    BOOST_TEST(out.out.find("ACME_DNS01_TOKEN_FILE=") != std::string::npos);
    BOOST_TEST((out.out + out.err).find(s.token()) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(neither_json_nor_logs_nor_files_contain_the_token) {
    local_digitalocean const s(quick());
    user const admin(s);
    std::string seen;
    for (auto const& line : {
             texts{"domain", "list", "--json", "--verbose"},
             {"present", "example.com", value_a, "--json", "--verbose", "--no-wait"},
             {"status", "--json"},
             {"record", "list", "example.com", "--json", "--verbose"},
             {"cleanup", "example.com", value_a, "--json", "--verbose"},
         }) {
        auto const out = admin.run(line);
        BOOST_TEST(out.status == 0, out.err);
        seen += out.out + out.err;
    }
    BOOST_TEST(seen.find(s.token()) == std::string::npos);
    BOOST_TEST(admin.execute({"grep", "-rlaF", s.token(), s.state_dir()}).status == 1);
}

BOOST_AUTO_TEST_SUITE_END()
