#include "support/acme_client.hpp"
#include "support/client_world.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::test::running_command;

namespace {

using texts = std::vector<std::string>;

// Namespaces of a container's own. Processes of one do not exist in the other.
texts const container{
    "unshare", "--pid", "--fork", "--mount-proc", "--mount", "--ipc", "--uts", "sh", "-c"};

// Issues certificates until its time is over, and sweeps as often as it can meanwhile. Its
// arguments are certbot's command line. Its end is the end of all its processes.
constexpr auto life = R"sh(
hostname "$NAME"
while :; do
    "$PROGRAM" sweep >>"$FOLDER/swept" 2>&1 || echo "failed" >>"$FOLDER/swept"
    echo >>"$FOLDER/sweeps"
    sleep 0.05
done &
end=$(($(date +%s) + LIFE))
while :; do
    "$@" >>"$FOLDER/certbot" 2>&1 || echo "failed" >>"$FOLDER/failures"
    echo >>"$FOLDER/certificates"
    [ "$(date +%s)" -lt "$end" ] || exit 0
done
)sh";

// In seconds.
std::string life_time() {
    auto const* given = std::getenv("ACME_DNS01_CONTAINERS_LIFE");
    return given == nullptr ? "5" : given;
}

boost::test_tools::assertion_result may_unshare(boost::unit_test::test_unit_id /*test*/) {
    acme_dns01::test::command command;
    command.arguments = container;
    command.arguments.emplace_back("hostname other");
    command.capture = true;
    auto const done = run(command);
    boost::test_tools::assertion_result can(done && done->status == 0);
    can.message() << "this host allows no namespaces for processes";
    return can;
}

acme_dns01::test::command
container_with(client_world& here, std::filesystem::path const& folder, std::string const& name) {
    std::filesystem::create_directory(folder);
    auto command = certbot_command(
        here.s,
        here.ca,
        folder,
        certbot_hooks(tested::program(), folder),
        {"example.com", "*.example.com"}
    );
    auto& line = command.arguments;
    line.insert(line.end(), {"--force-renewal", "--cert-name", "example.com"});
    auto whole = container;
    whole.insert(whole.end(), {life, "sh"});
    line.insert(line.begin(), whole.begin(), whole.end());
    command.environment["NAME"] = name;
    command.environment["FOLDER"] = folder;
    command.environment["PROGRAM"] = tested::program();
    command.environment["LIFE"] = life_time();
    return command;
}

auto lines_of(std::filesystem::path const& file) {
    auto const text = text_of(file);
    return std::ranges::count(text, '\n');
}

} // namespace

BOOST_AUTO_TEST_SUITE(limits_containers, *boost::unit_test::precondition(may_unshare))

// Both prove the same names, and share a state folder.
BOOST_AUTO_TEST_CASE(two_containers_leave_each_others_records_alone) {
    auto const here = new_world(quick());
    texts const names{"one", "other"};
    std::vector<running_command> running;
    for (auto const& name : names) {
        auto const command = container_with(*here, here->scratch.path() / name, name);
        running.push_back(running_command::start(command).value());
    }
    for (auto& c : running)
        BOOST_TEST(c.wait().status == 0);
    for (auto const& name : names) {
        BOOST_TEST_CONTEXT(name) {
            auto const folder = here->scratch.path() / name;
            BOOST_TEST(text_of(folder / "failures") == "", text_of(folder / "certbot"));
            BOOST_TEST(text_of(folder / "hook.err") == "");
            auto const swept = text_of(folder / "swept");
            BOOST_TEST(swept.find("removed") == std::string::npos, swept);
            BOOST_TEST(swept.find("failed") == std::string::npos, swept);
            BOOST_TEST(lines_of(folder / "certificates") > 0);
            BOOST_TEST_MESSAGE(
                lines_of(folder / "certificates")
                << " certificates, " << lines_of(folder / "sweeps") << " sweeps"
            );
        }
    }
    BOOST_TEST(txt_values(here->s, "example.com").empty());
    BOOST_TEST(user(here->s).outstanding("value").empty());
}

BOOST_AUTO_TEST_SUITE_END()
