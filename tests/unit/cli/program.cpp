#include "cli/program.hpp"

#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/help.hpp"
#include "cli/options/options.hpp"
#include "journal/store.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/memory_file.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <memory>

BOOST_AUTO_TEST_SUITE(cli_program)

using namespace acme_dns01;
using cli::exit_status;

namespace {

using texts = std::vector<std::string>;
using variables = std::map<std::string, std::string>;

constexpr auto value = "gfj9Xq-Rg85nM_BDJuMZ4rSzSdNNbyKtvZ1TpVvkcAo";
constexpr auto see_help = "acme-dns01: hint: `acme-dns01 help` lists the commands, `acme-dns01 "
                          "help options` the options\n";
constexpr auto no_token =
    "acme-dns01: error: there is no DigitalOcean token\n"
    "acme-dns01: hint: put a token with the scopes domain:read, domain:create and domain:delete "
    "into a file that only you may read, and name it with --token-file\n";

struct ran {
    int status = -1;
    std::string out;
    std::string err;
};

// The program with an environment, a configuration file and a state folder of its own.
struct program {
    sandbox::temporary_folder folder{"acme-dns01-program"};
    std::string state = (folder.path() / "state").string();
    std::string config = (folder.path() / "acme-dns01.conf").string();

    program() { sandbox::write_private_file(config, ""); }

    ran run(texts const& line, variables env = {}) const {
        env.emplace("ACME_DNS01_CONFIG", config);
        env.emplace("ACME_DNS01_STATE_DIR", state);
        test::memory_file const results;
        test::memory_file const messages;
        cli::output out(results.get(), messages.get());
        auto const status = cli::run(line, environment(std::move(env)), out);
        return {static_cast<int>(status), results.content(), messages.content()};
    }
};

void check(ran const& got, int status, std::string const& out, std::string const& err) {
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.out == out);
    BOOST_TEST(got.err == err);
}

variables certbots() { return {{"CERTBOT_DOMAIN", "example.com"}, {"CERTBOT_VALIDATION", value}}; }

} // namespace

BOOST_AUTO_TEST_CASE(usage_errors_exit_2_and_say_what_is_wrong) {
    constexpr auto commands_listed =
        "`acme-dns01 help` lists the commands, `acme-dns01 help options` the options";
    struct {
        texts line;
        std::string why;
        std::string hint = commands_listed;
    } const cases[] = {
        {{}, "no command was given"},
        {{"--json", "--quiet"}, "no command was given"},
        {{"presnt"}, "there is no command 'presnt'", "did you mean `acme-dns01 present`?"},
        {{"hlep"}, "there is no command 'hlep'", "did you mean `acme-dns01 help`?"},
        {{"help", "stauts"}, "there is no command 'stauts'", "did you mean `acme-dns01 status`?"},
        {{"\x1b[2J"}, "there is no command '?[2J'"},
        {{"issue"}, "there is no command 'issue'"},
        {{"hook"},
         "'hook' needs the name of a command behind it",
         "run `acme-dns01 help hook` to see them"},
        {{"hook", "certbot"},
         "there is no command 'hook certbot'",
         "did you mean `acme-dns01 hook certbot-auth`?"},
        {{"certbot-auth"},
         "there is no command 'certbot-auth'",
         "did you mean `acme-dns01 hook certbot-auth`?"},
        {{"record", "lst", "example.com"},
         "there is no command 'record lst'",
         "did you mean `acme-dns01 record list`?"},
        {{"--colour"}, "there is no option '--colour'"},
        {{"---"}, "there is no option '---'"},
        {{"run", "--isuer=x"}, "there is no option '--isuer'", "did you mean --issuer?"},
        {{"hook", "certbot-auth", "--no-wiat"},
         "'hook certbot-auth' has no option '--no-wiat'",
         "did you mean --no-wait?"},
        {{"status", "--ttl=1"}, "--ttl: '1' is not a number from 30 to 2147483647"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.why) {
            auto const message =
                "acme-dns01: error: " + c.why + "\nacme-dns01: hint: " + c.hint + "\n";
            auto const got = program().run(c.line);
            BOOST_TEST(got.status == 2);
            BOOST_TEST(got.err == message);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_command_says_which_arguments_it_needs) {
    program const p;
    auto const message = [](std::string const& name, std::string const& synopsis) {
        return "acme-dns01: error: wrong arguments for '" + name + "'\n" +
               "acme-dns01: hint: acme-dns01 " + name + " " + synopsis + "\n";
    };
    auto const present = message("present", "<domain> <value> [<domain> <value>]...");
    check(p.run({"present"}), 2, "", present);
    check(p.run({"present", "example.com"}), 2, "", present);
    check(p.run({"present", "example.com", value, "example.net"}), 2, "", present);
    check(p.run({"wait", "example.com"}), 2, "", message("wait", "[<domain> <value>]..."));
    auto const cleanup = message("cleanup", "<domain> <value> [...] | --id <zone>/<id> [...]");
    check(p.run({"cleanup"}), 2, "", cleanup);
    check(p.run({"cleanup", "example.com"}), 2, "", cleanup);
    for (auto const& c : cli::commands()) {
        if (!c.synopsis.starts_with("<domain>")) continue;
        BOOST_TEST_CONTEXT(c.name) {
            auto const line = split(c.name, " ");
            check(p.run(line), 2, "", message(std::string(c.name), std::string(c.synopsis)));
        }
    }
    check(p.run({"record", "show", "example.com"}), 2, "", message("record show", "<domain> <id>"));
}

BOOST_AUTO_TEST_CASE(a_command_without_arguments_takes_none) {
    program const p;
    for (std::string const name :
         {"status", "sweep", "hook certbot-auth", "hook certbot-cleanup", "domain list"}) {
        BOOST_TEST_CONTEXT(name) {
            auto line = split(name, " ");
            line.emplace_back("x");
            check(
                p.run(line, certbots()),
                2,
                "",
                "acme-dns01: error: '" + name + "' takes no arguments, but was given 'x'\n" +
                    see_help
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(an_option_of_another_command_is_refused) {
    program const p;
    check(
        p.run({"status", "--no-wait"}),
        2,
        "",
        "acme-dns01: error: 'status' does not take --no-wait\n"
        "acme-dns01: hint: --no-wait is for present, hook acmesh-add\n"
    );
    check(
        p.run({"present", "example.com", value, "--id=example.com/7"}),
        2,
        "",
        "acme-dns01: error: 'present' does not take --id\n"
        "acme-dns01: hint: --id is for cleanup\n"
    );
    check(
        p.run({"present", "example.com", value, "--priority=5"}),
        2,
        "",
        "acme-dns01: error: 'present' does not take --priority\n"
        "acme-dns01: hint: --priority is for record create, record update, record patch\n"
    );
    check(
        p.run({"record", "show", "example.com", "7", "--all"}),
        2,
        "",
        "acme-dns01: error: 'record show' does not take --all\n"
        "acme-dns01: hint: --all is for domain list, record list\n"
    );
}

BOOST_AUTO_TEST_CASE(a_lifetime_may_be_given_to_any_command) {
    check(program().run({"status", "--ttl", "60"}), 0, "nothing outstanding\n", "");
}

BOOST_AUTO_TEST_CASE(arguments_are_looked_at_before_any_token) {
    program const p;
    check(
        p.run({"present", "localhost", value}),
        2,
        "",
        "acme-dns01: error: 'localhost' cannot be proven by DNS: it is not a name below a "
        "top-level domain\n"
    );
    check(
        p.run({"present", "example.com", "short"}),
        2,
        "",
        "acme-dns01: error: 'short' is not a challenge value for example.com: it must be 43 "
        "base64url characters\n"
    );
    check(
        p.run({"cleanup", "--id", "7"}),
        2,
        "",
        "acme-dns01: error: '7' does not name a record\n"
        "acme-dns01: hint: write <zone>/<id>, such as example.com/28448446\n"
    );
    check(
        p.run({"hook", "certbot-auth"}),
        2,
        "",
        "acme-dns01: error: CERTBOT_DOMAIN is not set\n"
        "acme-dns01: hint: this is certbot's hook: name it with --manual-auth-hook and "
        "--manual-cleanup-hook\n"
    );
}

BOOST_AUTO_TEST_CASE(without_a_token_it_exits_3_and_says_where_one_goes) {
    program const p;
    check(p.run({"present", "example.com", value}), 3, "", no_token);
    check(p.run({"present", "example.com", "-" + std::string(42, 'a')}), 3, "", no_token);
    check(p.run({"wait", "example.com", value}), 3, "", no_token);
    check(p.run({"cleanup", "example.com", value}), 3, "", no_token);
    check(p.run({"cleanup", "--id", "example.com/7"}), 3, "", no_token);
    check(p.run({"domain", "list"}), 3, "", no_token);
    check(p.run({"domain", "delete", "example.com", "--yes"}), 3, "", no_token);
    check(p.run({"record", "show", "example.com", "7"}), 3, "", no_token);
    check(p.run({"hook", "certbot-auth"}, certbots()), 3, "", no_token);
    check(p.run({"hook", "certbot-cleanup"}, certbots()), 3, "", no_token);
}

BOOST_AUTO_TEST_CASE(an_error_is_one_json_object_where_that_was_asked_for) {
    check(
        program().run({"present", "--json", "example.com", value}),
        3,
        R"({"error":{"kind":"configuration","exit":3,"message":"there is no DigitalOcean token",)"
        R"("hint":"put a token with the scopes domain:read, domain:create and domain:delete into )"
        R"(a file that only you may read, and name it with --token-file","request_id":null}})"
        "\n",
        no_token
    );
    BOOST_TEST(
        program().run({"--json", "--colour"}).out ==
        R"({"error":{"kind":"usage","exit":2,"message":"there is no option '--colour'",)"
        R"("hint":"`acme-dns01 help` lists the commands, `acme-dns01 help options` the options",)"
        R"("request_id":null}})"
        "\n"
    );
}

BOOST_AUTO_TEST_CASE(a_configuration_file_that_is_not_there_exits_3) {
    check(
        program().run({"status"}, {{"ACME_DNS01_CONFIG", "/nonexistent.conf"}}),
        3,
        "",
        "acme-dns01: error: the configuration file /nonexistent.conf cannot be read: "
        "No such file or directory\n"
    );
}

BOOST_AUTO_TEST_CASE(version_and_help_go_to_stdout) {
    program const p;
    check(p.run({"--version"}), 0, "acme-dns01 " ACME_DNS01_VERSION "\n", "");
    auto const overview = *cli::help_page({}, 80);
    auto const present = *cli::help_page({"present"}, 80);
    auto const no_file = variables{{"ACME_DNS01_CONFIG", "/nonexistent.conf"}};
    check(p.run({"--help"}), 0, overview, "");
    check(p.run({"help"}, no_file), 0, overview, "");
    check(p.run({"help", "present"}), 0, present, "");
    check(p.run({"present", "-h"}, no_file), 0, present, "");
    check(p.run({"present", "--ttl", "--help", "--frob", "--json"}), 0, present, "");
    check(p.run({"presnt", "--help"}), 0, overview, "");
    check(p.run({"help"}, {{"COLUMNS", "60"}}), 0, *cli::help_page({}, 60), "");
}

BOOST_AUTO_TEST_CASE(status_of_a_new_host_is_empty) {
    program const p;
    check(p.run({"status"}), 0, "nothing outstanding\n", "");
    check(p.run({"status", "--json"}), 0, "{\"outstanding\":[]}\n", "");
    check(p.run({"status", "--quiet"}), 0, "", "");
}

BOOST_AUTO_TEST_CASE(status_shows_what_the_journal_holds) {
    program const p;
    {
        auto j = journal::store::open(p.state).value();
        journal::intent wanted;
        wanted.zone = dns::name::parse("example.com").value();
        wanted.fqdn = dns::name::parse("_acme-challenge.example.com").value();
        wanted.value = value;
        BOOST_TEST(j.created(j.intend(wanted).value(), 28448446).has_value());
    }
    auto const got = p.run({"status"});
    BOOST_TEST(got.status == 0);
    BOOST_TEST(
        got.out.find("example.com  28448446  _acme-challenge.example.com  ") != std::string::npos
    );
    BOOST_TEST(got.out.ends_with("  created\n"));
    BOOST_TEST(got.err.empty());
}

BOOST_AUTO_TEST_CASE(commands_about_the_journal_say_why_there_is_none) {
    program const p;
    auto const folder = p.config + "/state";
    variables const env{{"ACME_DNS01_STATE_DIR", folder}};
    auto const message = "acme-dns01: error: the state folder " + folder +
                         " cannot be created: Not a directory\n"
                         "acme-dns01: hint: choose another with --state-dir\n";
    check(p.run({"status"}, env), 3, "", message);
    check(p.run({"wait"}, env), 3, "", message);
}

BOOST_AUTO_TEST_CASE(a_journal_that_does_not_work_is_named) {
    program const p;
    auto const file = p.folder.path() / "journal.sqlite";
    sandbox::write_private_file(file, std::string(5000, 'x'));
    auto const got = p.run({"status"}, {{"ACME_DNS01_STATE_DIR", p.folder.path().string()}});
    BOOST_TEST(got.status == 3);
    BOOST_TEST(got.out.empty());
    BOOST_TEST(got.err.ends_with(
        "acme-dns01: error: the journal " + file.string() +
        " cannot be used: file is not a database\n"
        "acme-dns01: hint: move the file out of the state folder and inspect it with sqlite3\n"
    ));
}

BOOST_AUTO_TEST_CASE(hooks_work_without_a_journal_and_verbose_warns) {
    program const p;
    auto env = certbots();
    env["CERTBOT_TOKEN"] = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ";
    env["ACME_DNS01_STATE_DIR"] = p.config + "/state";
    check(p.run({"hook", "certbot-auth"}, env), 0, "", "");
    check(
        p.run({"hook", "certbot-auth", "--verbose"}, env),
        0,
        "",
        "acme-dns01: note: the state folder " + p.config +
            "/state cannot be created: Not a directory; records are found again by name and value "
            "only, and every hook waits for its own record\n"
    );
}

BOOST_AUTO_TEST_CASE(a_journal_that_is_there_and_does_not_work_is_warned_about) {
    program const p;
    auto const file = p.folder.path() / "journal.sqlite";
    sandbox::write_private_file(file, std::string(5000, 'x'));
    auto env = certbots();
    env["CERTBOT_TOKEN"] = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ";
    env["ACME_DNS01_STATE_DIR"] = p.folder.path().string();
    check(
        p.run({"hook", "certbot-auth"}, env),
        0,
        "",
        "acme-dns01: warning: the journal " + file.string() +
            " cannot be used: file is not a database; records are found again by name and value "
            "only, and "
            "every hook waits for its own record\n"
    );
}

BOOST_AUTO_TEST_CASE(where_nothing_is_outstanding_there_is_nothing_to_wait_for) {
    check(program().run({"wait"}), 0, "nothing to wait for\n", "");
}

// Certbot calls the hooks for http-01 challenges, too: neither a token nor a record is needed.
BOOST_AUTO_TEST_CASE(certbots_hooks_let_other_challenges_pass) {
    program const p;
    auto http = certbots();
    http["CERTBOT_TOKEN"] = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ";
    check(p.run({"hook", "certbot-auth"}, http), 0, "", "");
    check(p.run({"hook", "certbot-cleanup"}, http), 0, "", "");
}

BOOST_AUTO_TEST_CASE(a_result_that_cannot_be_written_is_an_error) {
    program const p;
    test::file_ptr const full(std::fopen("/dev/full", "w"));
    test::memory_file const messages;
    BOOST_REQUIRE(full);
    cli::output out(full.get(), messages.get());
    environment const env(variables{{"ACME_DNS01_CONFIG", p.config}});
    BOOST_TEST((cli::run({"--version"}, env, out) == exit_status::unexpected));
    BOOST_TEST(messages.content() == "acme-dns01: error: the result cannot be written\n");
}

BOOST_AUTO_TEST_SUITE_END()
