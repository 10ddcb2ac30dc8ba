#include "cli/options/sources.hpp"

#include "base/text.hpp"
#include "cli/options/settings.hpp"
#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <map>

BOOST_AUTO_TEST_SUITE(cli_sources)

using namespace acme_dns01;
using namespace acme_dns01::cli;

namespace {

using texts = std::vector<std::string>;
using variables = std::map<std::string, std::string>;

struct config_file {
    explicit config_file(std::string_view content, unsigned mode = 0600) {
        sandbox::write_private_file(path, content);
        std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
    }
    sandbox::temporary_folder folder{"acme-dns01-settings"};
    std::string path = (folder.path() / "acme-dns01.conf").string();

    result<settings> read(texts line = {}, variables env = {}) const {
        line.insert(line.begin(), {"--config", path});
        return read_settings(line, environment(std::move(env)));
    }
};

constexpr auto help = "`acme-dns01 help` lists the commands, `acme-dns01 help options` the options";

double in_seconds(seconds s) { return s.count(); }

void check_refused(
    result<settings> const& got, std::string const& message, std::string const& hint
) {
    BOOST_REQUIRE(!got);
    BOOST_TEST(to_string(got.error().kind) == "configuration");
    BOOST_TEST(got.error().message == message);
    BOOST_TEST(got.error().hint == hint);
}

constexpr auto whole_file = "# where the token is\n"
                            "token-file = /file/token   # of our own\n"
                            "\n"
                            "api-url=https://file.example\n"
                            "ca-file = /file/ca.pem\n"
                            "resolver = 192.0.2.1\n"
                            "resolver = 192.0.2.2\n"
                            "dns-port = 1001\n"
                            "trust-anchor = /file/root.ds\n"
                            "state-dir = /file/state\n"
                            "ttl = 1002\n"
                            "propagation-timeout = 1003\n"
                            "settle = 1004\n"
                            "grace = 1005\n"
                            "deadline = 1006\n";

std::string with_options_ended(std::string const& line) {
    auto arguments = split(line, " ");
    end_options_at_hook(arguments);
    return joined(arguments, " ");
}

} // namespace

BOOST_AUTO_TEST_CASE(options_end_where_a_clients_arguments_begin) {
    struct {
        std::string line;
        std::string expected;
    } const cases[] = {
        {"--json hook lego present --json", "--json hook lego -- present --json"},
        {"hook uacme", "hook uacme --"},
        {"hook dehydrated -- a", "hook dehydrated -- -- a"},
        {"hook acmesh-add name value --no-wait", "hook acmesh-add name value --no-wait"},
        {"hook", "hook"},
        {"run -- sh hook lego --json", "run -- sh hook lego --json"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.line) { BOOST_TEST(with_options_ended(c.line) == c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(words_behind_two_dashes_are_counted) {
    auto const behind = [](texts const& line) { return read_command_line(line)->words_behind; };
    BOOST_TEST(behind({"run", "--", "certbot", "--", "renew"}) == 3U);
    BOOST_TEST(behind({"run", "--"}) == 0U);
    BOOST_TEST(behind({"run", "certbot"}) == 0U);
    BOOST_TEST(behind({}) == 0U);
}

BOOST_AUTO_TEST_CASE(options_of_the_line_are_kept_as_written) {
    auto const line =
        read_command_line({"-h", "x", "--id=a/1", "--id", "b/2", "--data=-", "--all"});
    option_texts const expected{
        {"all", {""}}, {"data", {"-"}}, {"help", {""}}, {"id", {"a/1", "b/2"}}};
    BOOST_REQUIRE(line);
    BOOST_TEST((line->options == expected));
    BOOST_TEST(line->words == texts{"x"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_option_with_a_value_is_taken_from_the_file) {
    auto const s = config_file(whole_file).read({"status"}).value();
    BOOST_TEST(s.words == texts{"status"}, boost::test_tools::per_element());
    BOOST_TEST(s.accounts.token_file == "");
    BOOST_TEST(s.accounts.configured_token_file == "/file/token");
    BOOST_TEST(s.accounts.api.origin() == "https://file.example");
    BOOST_TEST(s.accounts.trust.ca_file == "/file/ca.pem");
    BOOST_REQUIRE(s.resolvers.configured.size() == 2U);
    BOOST_TEST(dns::to_string(s.resolvers.configured[1]) == "192.0.2.2");
    BOOST_TEST(s.resolvers.dns_port == 1001);
    BOOST_TEST(s.resolvers.trust_anchor == "/file/root.ds");
    BOOST_TEST(s.state_dir == "/file/state");
    BOOST_TEST(s.ttl == 1002);
    BOOST_TEST(in_seconds(s.patience.timeout) == 1003);
    BOOST_TEST(in_seconds(s.patience.settle.value()) == 1004);
    BOOST_TEST(in_seconds(s.patience.grace) == 1005);
    BOOST_TEST(s.accounts.deadline.count() == 1006);
}

BOOST_AUTO_TEST_CASE(the_environment_beats_the_file) {
    auto const s = config_file(whole_file)
                       .read(
                           {},
                           {{"ACME_DNS01_TOKEN_FILE", "/env/token"},
                            {"ACME_DNS01_API_URL", "https://env.example"},
                            {"ACME_DNS01_RESOLVER", "192.0.2.9"},
                            {"ACME_DNS01_DNS_PORT", "2001"},
                            {"ACME_DNS01_STATE_DIR", "/env/state"}}
                       )
                       .value();
    BOOST_TEST(s.accounts.token_file == "/env/token");
    BOOST_TEST(s.accounts.api.origin() == "https://env.example");
    BOOST_REQUIRE(s.resolvers.configured.size() == 1U);
    BOOST_TEST(dns::to_string(s.resolvers.configured[0]) == "192.0.2.9");
    BOOST_TEST(s.resolvers.dns_port == 2001);
    BOOST_TEST(s.state_dir == "/env/state");
    BOOST_TEST(s.ttl == 1002);
    BOOST_TEST(s.command_options.empty());
    BOOST_TEST(!s.record.ttl.has_value());
}

BOOST_AUTO_TEST_CASE(the_command_line_beats_both) {
    auto const s = config_file(whole_file)
                       .read(
                           {"--token-file=/line/token",
                            "--resolver=192.0.2.17",
                            "--dns-port=3001",
                            "--ttl=3002",
                            "--settle=auto"},
                           {{"ACME_DNS01_TOKEN_FILE", "/env/token"},
                            {"ACME_DNS01_RESOLVER", "192.0.2.9"},
                            {"ACME_DNS01_DNS_PORT", "2001"}}
                       )
                       .value();
    BOOST_TEST(s.accounts.token_file == "/line/token");
    BOOST_REQUIRE(s.resolvers.configured.size() == 1U);
    BOOST_TEST(dns::to_string(s.resolvers.configured[0]) == "192.0.2.17");
    BOOST_TEST(s.resolvers.dns_port == 3001);
    BOOST_TEST(s.ttl == 3002);
    BOOST_TEST(!s.patience.settle.has_value());
    auto const words =
        config_file("propagation = resolver\nrequire = all\ncaa-issuer = zerossl\n")
            .read({"--propagation=authoritative", "--require=answering", "--caa-issuer", ""})
            .value();
    BOOST_TEST(words.resolvers.asks_authoritative);
    BOOST_TEST(!words.patience.require_all);
    BOOST_TEST(!words.caa.issuer.has_value());
}

BOOST_AUTO_TEST_CASE(the_file_may_be_named_in_the_environment) {
    config_file const named("ttl = 99\n");
    config_file const other("ttl = 98\n");
    variables const env{{"ACME_DNS01_CONFIG", named.path}};
    BOOST_TEST(read_settings({}, environment(env)).value().ttl == 99);
    BOOST_TEST(other.read({}, env).value().ttl == 98);
}

BOOST_AUTO_TEST_CASE(the_form_of_output_may_be_set_in_the_file) {
    auto const s = config_file("json = true\nquiet = false\n").read();
    BOOST_REQUIRE(s);
    BOOST_TEST(s->output.json);
    BOOST_TEST(!s->output.quiet);
    BOOST_TEST(config_file("json = true\n").read({"--verbose"}).value().output.verbose);
    BOOST_TEST(config_file("verbose = false\n").read({"--verbose"}).value().output.verbose);
    for (std::string const yes : {"", "true", "yes", "On", "1"}) {
        BOOST_TEST(config_file("json = " + yes + "\n").read().value().output.json);
    }
    for (std::string const no : {"false", "NO", "off", "0"}) {
        BOOST_TEST(!config_file("json = " + no + "\n").read().value().output.json);
    }
}

BOOST_AUTO_TEST_CASE(a_setting_that_is_wrong_is_named) {
    struct {
        std::string content;
        std::string why;
    } const cases[] = {
        {"ttl = 30\nttl = 60\n", "'ttl' is set more than once"},
        {"json = maybe\n", "--json: 'maybe' is not true or false"},
        {"json = %value%\n", "--json: '%value%' is not true or false"},
        {"ttl = %value%\n", "--ttl: '%value%' is not a number from 30 to 2147483647"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.content) {
            config_file const file(c.content);
            check_refused(file.read(), "the configuration file " + file.path + ": " + c.why, help);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_setting_is_named) {
    struct {
        std::string content;
        std::string name;
    } const cases[] = {
        {"colour = red\n", "colour"},
        {"%option% = red\n", "%option%"},
        {"[section]\nttl = 30\n", "section.ttl"},
        {"[account work]\nttl = 30\n", "account work.ttl"},
        {"no-wait = true\n", "no-wait"},
        {"help = true\n", "help"},
        {"version = true\n", "version"},
        {"config = /etc/other.conf\n", "config"},
        {"token = dop_v1_abc\n", "token"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.content) {
            config_file const file(c.content);
            check_refused(
                file.read(),
                "the configuration file " + file.path + ": there is no setting '" + c.name + "'",
                "an [account <name>] section has token-file and zones; `acme-dns01 help options` "
                "lists the others"
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(accounts_are_sections) {
    auto const s = config_file("ttl = 60\n"
                               "allow = example.com, *.example.com\n"
                               "allow = example.net\n"
                               "[account work]\n"
                               "token-file = /etc/acme-dns01/work\n"
                               "zones = example.com, example.net\n"
                               "[account home]\n"
                               "token-file = /etc/acme-dns01/home\n")
                       .read({"--account", "home"})
                       .value();
    auto const zones = std::vector{
        dns::name::parse("example.com").value(), dns::name::parse("example.net").value()};
    std::vector<digitalocean::configured_account> const expected{
        {"work", "/etc/acme-dns01/work", zones}, {"home", "/etc/acme-dns01/home", {}}};
    BOOST_TEST((s.accounts.sections == expected));
    BOOST_TEST(s.accounts.account == "home");
    BOOST_TEST(s.ttl == 60);
    BOOST_TEST(s.allow.check(dns::name::parse("www.example.com").value()).has_value());
    BOOST_TEST(s.allow.check(dns::name::parse("example.net").value()).has_value());
    BOOST_TEST(!s.allow.check(dns::name::parse("www.example.net").value()).has_value());
}

BOOST_AUTO_TEST_CASE(an_account_without_a_token_file_is_refused) {
    config_file const file("[account work\x1b[0m]\nzones = example.com\n");
    check_refused(
        file.read(),
        "the configuration file " + file.path + ": [account work?[0m] has no token-file",
        help
    );
}

BOOST_AUTO_TEST_CASE(an_account_that_is_not_configured_is_a_usage_error) {
    auto const got = config_file("[account work]\ntoken-file = /t\n").read({"--account", "wrok"});
    BOOST_REQUIRE(!got);
    BOOST_TEST(to_string(got.error().kind) == "usage");
    BOOST_TEST(got.error().message == "--account: the configuration has no section [account wrok]");
    auto const in_file = config_file("account = a\n[account b]\ntoken-file = /t\n").read();
    BOOST_TEST(to_string(in_file.error().kind) == "configuration");
}

BOOST_AUTO_TEST_CASE(an_empty_allow_is_refused) {
    config_file const file("allow =\n");
    check_refused(
        file.read(), "the configuration file " + file.path + ": --allow: the value is empty", help
    );
}

// The file may be the token's, named by mistake.
BOOST_AUTO_TEST_CASE(a_line_that_is_not_a_setting_is_refused_and_not_shown) {
    for (auto const* line : {"dop_v1_secret\n", "%invalid_line%\n"}) {
        config_file const file(line);
        check_refused(
            file.read(),
            "the configuration file " + file.path + " has a line that is not `name = value`",
            ""
        );
    }
}

BOOST_AUTO_TEST_CASE(a_bad_value_in_the_file_is_a_configuration_error) {
    for (auto const* content :
         {"ttl = soon\n",
          "dns-port = 0\n",
          "deadline = -1\n",
          "settle = x\n",
          "resolver = dns.example\n",
          "api-url = http://localhost\n"}) {
        BOOST_TEST_CONTEXT(content) {
            auto const got = config_file(content).read();
            BOOST_REQUIRE(!got);
            BOOST_TEST(to_string(got.error().kind) == "configuration");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_refused) {
    check_refused(
        read_settings({"--config", "/nonexistent/acme-dns01.conf"}, environment()),
        "the configuration file /nonexistent/acme-dns01.conf cannot be read: "
        "No such file or directory",
        ""
    );
}

BOOST_AUTO_TEST_CASE(a_directory_is_not_a_configuration_file) {
    sandbox::temporary_folder const folder("acme-dns01-settings");
    check_refused(
        read_settings({"--config", folder.path().string()}, environment()),
        "the configuration file " + folder.path().string() + " cannot be read: Is a directory",
        ""
    );
}

BOOST_AUTO_TEST_CASE(dev_null_is_an_empty_configuration) {
    BOOST_TEST(read_settings({"--config", "/dev/null"}, environment()).value().ttl == 30);
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_write_is_refused_with_its_chmod) {
    for (auto const mode : {0602U, 0666U, 0777U}) {
        BOOST_TEST_CONTEXT(mode) {
            config_file const file("ttl = 60\n", mode);
            check_refused(
                file.read(),
                "the configuration file " + file.path + " is not safe: other users may write to " +
                    file.path,
                "chmod go-w " + file.path
            );
        }
    }
    BOOST_TEST(config_file("ttl = 60\n", 0644).read().value().ttl == 60);
    // As other systems' editors write it.
    BOOST_TEST(config_file("\xef\xbb\xbfttl = 60\r\n", 0644).read().value().ttl == 60);
}

BOOST_AUTO_TEST_CASE(an_endless_file_is_not_read_to_its_end) {
    check_refused(
        read_settings({"--config", "/dev/zero"}, environment()),
        "the configuration file /dev/zero is larger than 1 MiB",
        ""
    );
}

BOOST_AUTO_TEST_CASE(a_file_may_have_a_mebibyte) {
    auto const all_but_one_line = std::string(1024UL * 1024 - 9, '#');
    BOOST_TEST(config_file(all_but_one_line + "\nttl = 60").read().value().ttl == 60);
    BOOST_TEST(!config_file(all_but_one_line + "\nttl = 600").read());
}

BOOST_AUTO_TEST_CASE(a_default_file_that_does_not_exist_is_not_read) {
    sandbox::temporary_folder const folder("acme-dns01-settings");
    sandbox::write_private_file((folder.path() / "file").string(), "");
    for (auto const* const none : {"none.conf", "nothing/none.conf", "file/none.conf"}) {
        BOOST_TEST(!configuration_exists((folder.path() / none).string()).value());
    }
    BOOST_TEST(configuration_exists((folder.path() / "file").string()).value());
}

BOOST_AUTO_TEST_CASE(a_default_file_that_cannot_be_reached_causes_a_warning) {
    sandbox::temporary_folder const folder("acme-dns01-settings");
    auto const file = (folder.path() / "loop.conf").string();
    std::filesystem::create_symlink(file, file);
    BOOST_TEST(
        configuration_exists(file).error().message ==
        "the configuration file " + file +
            " cannot be reached: Too many levels of symbolic links; if it exists, none of its "
            "settings apply, `allow` and `caa-issuer` included"
    );
}

BOOST_AUTO_TEST_SUITE_END()
