#include "cli/commands/confinement.hpp"

#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/memory_file.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>

BOOST_AUTO_TEST_SUITE(cli_confinement)

using namespace acme_dns01;
namespace fs = std::filesystem;

namespace {

using texts = std::vector<std::string>;
using ports = std::vector<std::uint16_t>;

bool contains(texts const& all, std::string const& one) { return std::ranges::count(all, one) > 0; }

// Instead of the kernel's: a process that is confined cannot run the tests that follow.
std::vector<confinement> asked_for;

std::error_code remember(confinement const& needs) {
    asked_for.push_back(needs);
    return {};
}

// Without arguments, so that it ends before it does anything.
void call(cli::command const& c, std::string const& state, environment const& env = {}) {
    test::memory_file const results;
    test::memory_file const messages;
    cli::output out(results.get(), messages.get());
    auto line = split(c.name, " ");
    line.insert(line.begin(), {"--state-dir", state});
    cli::run(line, env, out, remember);
}

confinement needs_with(cli::settings set, std::map<std::string, std::string> env = {}) {
    if (set.accounts.api.port.empty())
        set.accounts.api = net::parse_base_url("https://api.digitalocean.com").value();
    return cli::needs_of(set, environment(std::move(env)));
}

} // namespace

BOOST_AUTO_TEST_CASE(every_command_is_confined_before_it_begins) {
    sandbox::temporary_folder const state("acme-dns01-confinement");
    for (auto const& c : cli::commands()) {
        BOOST_TEST_CONTEXT(c.name) {
            asked_for.clear();
            call(c, state.path());
            // `run` has not started its client, and certbot's hooks know of nothing to do.
            auto const is_later = c.name == "run" || c.name.starts_with("hook certbot");
            BOOST_TEST(asked_for.size() == (is_later ? 0U : 1U));
            for (auto const& needs : asked_for)
                BOOST_TEST((needs.writable == texts{state.path()}));
        }
    }
}

BOOST_AUTO_TEST_CASE(certbots_last_hook_is_confined_before_it_looks_for_the_token) {
    sandbox::temporary_folder const state("acme-dns01-confinement");
    environment const env({
        {"CERTBOT_DOMAIN", "example.com"},
        {"CERTBOT_VALIDATION", std::string(43, 'a')},
        {"CERTBOT_REMAINING_CHALLENGES", "0"},
    });
    asked_for.clear();
    call(*cli::find_command({"hook", "certbot-auth"}), state.path(), env);
    BOOST_TEST(asked_for.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_file_counts_with_its_folders) {
    sandbox::temporary_folder const here("acme-dns01-confinement");
    auto const behind = here.path() / "behind";
    auto const before = here.path() / "before";
    fs::create_directory(behind);
    fs::create_directory(before);
    sandbox::write_private_file(behind / "token", "secret");
    fs::create_symlink(behind / "token", before / "link");
    cli::settings set;
    set.accounts.sections = {{.name = "a", .token_file = before / "link", .zones = {}}};
    auto const readable = needs_with(set).readable;
    BOOST_TEST(contains(readable, before));
    BOOST_TEST(contains(readable, behind));
    BOOST_TEST(!contains(readable, here.path()));
    set.accounts.token_file = "/etc/passwd";
    BOOST_TEST(contains(needs_with(set).readable, "/etc/passwd"));
    BOOST_TEST(!contains(needs_with(set).readable, "/etc"));
}

BOOST_AUTO_TEST_CASE(the_key_beside_an_account_file_can_be_read) {
    sandbox::temporary_folder const here("acme-dns01-confinement");
    sandbox::write_private_file(here.path() / "regr.json", "{}");
    cli::settings set;
    set.persist.account_file = here.path() / "regr.json";
    BOOST_TEST(contains(needs_with(set).readable, here.path()));
}

BOOST_AUTO_TEST_CASE(a_state_folder_that_is_not_there_yet_counts_as_the_one_above) {
    sandbox::temporary_folder const here("acme-dns01-confinement");
    cli::settings set;
    set.state_dir = here.path() / "new" / "state";
    BOOST_TEST((needs_with(set).writable == texts{here.path()}));
    set.state_dir = "no-such-folder/state";
    BOOST_TEST((needs_with(set).writable == texts{fs::current_path()}));
    set.state_dir = "";
    BOOST_TEST(needs_with(set).writable.empty());
}

BOOST_AUTO_TEST_CASE(only_ports_in_use_count) {
    cli::settings set;
    BOOST_TEST((needs_with(set).ports == ports{53, 53, 443}));
    BOOST_TEST(
        (needs_with(set, {{"HTTPS_PROXY", "http://p.test:3128"}}).ports == ports{53, 53, 3128})
    );
    set.resolvers.dns_port = 5353;
    set.resolvers.configured = {{boost::asio::ip::make_address("127.0.0.1"), 54}};
    set.caa.directory = net::parse_base_url("https://ca.test:14000/dir").value();
    BOOST_TEST((needs_with(set).ports == ports{53, 5353, 54, 443, 14000}));
}

BOOST_AUTO_TEST_SUITE_END()
