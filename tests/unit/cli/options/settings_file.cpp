#include "cli/options/settings_file.hpp"

#include "cli/options/settings.hpp"
#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <map>

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

} // namespace

BOOST_AUTO_TEST_SUITE(cli_settings_file)

BOOST_AUTO_TEST_CASE(every_option_with_a_value_is_taken_from_the_file) {
    auto const s = config_file(whole_file).read({"status"}).value();
    BOOST_TEST(s.words == texts{"status"}, boost::test_tools::per_element());
    BOOST_TEST(s.token_file == "");
    BOOST_TEST(s.configured_token_file == "/file/token");
    BOOST_TEST(s.api.origin() == "https://file.example");
    BOOST_TEST(s.trust.ca_file == "/file/ca.pem");
    BOOST_REQUIRE(s.resolvers.size() == 2U);
    BOOST_TEST(dns::to_string(s.resolvers[1]) == "192.0.2.2");
    BOOST_TEST(s.dns_port == 1001);
    BOOST_TEST(s.trust_anchor == "/file/root.ds");
    BOOST_TEST(s.state_dir == "/file/state");
    BOOST_TEST(s.ttl == 1002);
    BOOST_TEST(s.propagation_timeout.count() == 1003);
    BOOST_TEST(s.settle.value().count() == 1004);
    BOOST_TEST(s.grace.count() == 1005);
    BOOST_TEST(s.deadline.count() == 1006);
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
    BOOST_TEST(s.token_file == "/env/token");
    BOOST_TEST(s.api.origin() == "https://env.example");
    BOOST_REQUIRE(s.resolvers.size() == 1U);
    BOOST_TEST(dns::to_string(s.resolvers[0]) == "192.0.2.9");
    BOOST_TEST(s.dns_port == 2001);
    BOOST_TEST(s.state_dir == "/env/state");
    BOOST_TEST(s.ttl == 1002);
    BOOST_TEST(s.own.empty());
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
    BOOST_TEST(s.token_file == "/line/token");
    BOOST_REQUIRE(s.resolvers.size() == 1U);
    BOOST_TEST(dns::to_string(s.resolvers[0]) == "192.0.2.17");
    BOOST_TEST(s.dns_port == 3001);
    BOOST_TEST(s.ttl == 3002);
    BOOST_TEST(!s.settle.has_value());
}

BOOST_AUTO_TEST_CASE(the_file_may_be_named_in_the_environment) {
    config_file const named("ttl = 99\n");
    config_file const other("ttl = 98\n");
    variables const env{{"ACME_DNS01_CONFIG", named.path}};
    BOOST_TEST(read_settings({}, environment(env)).value().ttl == 99);
    BOOST_TEST(other.read({}, env).value().ttl == 98);
}

BOOST_AUTO_TEST_CASE(a_manner_of_telling_may_stand_in_the_file) {
    auto const s = config_file("json = true\nquiet = false\n").read();
    BOOST_REQUIRE(s);
    BOOST_TEST(s->json);
    BOOST_TEST(!s->quiet);
    BOOST_TEST(config_file("json = true\n").read({"--verbose"}).value().verbose);
    BOOST_TEST(config_file("verbose = false\n").read({"--verbose"}).value().verbose);
}

BOOST_AUTO_TEST_CASE(what_does_not_parse_is_named) {
    struct {
        std::string content;
        std::string why;
    } const cases[] = {
        {"ttl = 30\nttl = 60\n", "option 'ttl' cannot be specified more than once"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.content) {
            config_file const file(c.content);
            check_refused(
                file.read(), "the configuration file " + file.path + " does not parse: " + c.why, ""
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_setting_is_named) {
    struct {
        std::string content;
        std::string name;
    } const cases[] = {
        {"colour = red\n", "colour"},
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
                "an [account <name>] section has token-file and zones; acme-dns01 --help lists the "
                "others"
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
    BOOST_TEST((s.accounts == expected));
    BOOST_TEST(s.account == "home");
    BOOST_TEST(s.ttl == 60);
    BOOST_TEST(s.allow.check(dns::name::parse("www.example.com").value()).has_value());
    BOOST_TEST(s.allow.check(dns::name::parse("example.net").value()).has_value());
    BOOST_TEST(!s.allow.check(dns::name::parse("www.example.net").value()).has_value());
}

BOOST_AUTO_TEST_CASE(an_account_without_a_token_file_is_refused) {
    config_file const file("[account work]\nzones = example.com\n");
    check_refused(
        file.read(),
        "the configuration file " + file.path + ": [account work] has no token-file",
        "acme-dns01 --help lists commands and options"
    );
}

BOOST_AUTO_TEST_CASE(an_account_that_is_not_there_is_a_usage_error) {
    auto const got = config_file("[account work]\ntoken-file = /t\n").read({"--account", "wrok"});
    BOOST_REQUIRE(!got);
    BOOST_TEST(to_string(got.error().kind) == "usage");
    BOOST_TEST(got.error().message == "--account: the configuration has no section [account wrok]");
}

BOOST_AUTO_TEST_CASE(an_empty_allow_is_refused) {
    config_file const file("allow =\n");
    check_refused(
        file.read(),
        "the configuration file " + file.path + ": --allow names nothing",
        "acme-dns01 --help lists commands and options"
    );
}

// Somebody may name the token's file where the configuration is wanted.
BOOST_AUTO_TEST_CASE(a_line_that_is_no_setting_is_refused_and_not_shown) {
    config_file const file("dop_v1_secret\n");
    check_refused(
        file.read(),
        "the configuration file " + file.path + " has a line that is no `name = value`",
        ""
    );
}

BOOST_AUTO_TEST_CASE(a_bad_value_in_the_file_is_the_files_fault) {
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

BOOST_AUTO_TEST_CASE(a_directory_is_no_configuration_file) {
    sandbox::temporary_folder const folder("acme-dns01-settings");
    check_refused(
        read_settings({"--config", folder.path().string()}, environment()),
        "the configuration file " + folder.path().string() + " cannot be read: Is a directory",
        ""
    );
}

BOOST_AUTO_TEST_CASE(dev_null_is_an_empty_configuration_though_others_may_write_it) {
    BOOST_TEST(read_settings({"--config", "/dev/null"}, environment()).value().ttl == 30);
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_write_is_refused_with_what_mends_it) {
    for (auto const mode : {0602U, 0666U, 0777U}) {
        BOOST_TEST_CONTEXT(mode) {
            config_file const file("ttl = 60\n", mode);
            check_refused(
                file.read(),
                "the configuration file " + file.path + " may be written by others",
                "chmod o-w " + file.path
            );
        }
    }
    BOOST_TEST(config_file("ttl = 60\n", 0644).read().value().ttl == 60);
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

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_by_default_is_none) {
    sandbox::temporary_folder const folder("acme-dns01-settings");
    sandbox::write_private_file((folder.path() / "file").string(), "");
    for (auto const* const none : {"none.conf", "nothing/none.conf", "file/none.conf"}) {
        auto const looked = look_for_config((folder.path() / none).string());
        BOOST_TEST(!looked.is_there);
        BOOST_TEST(looked.warning == "");
    }
    auto const looked = look_for_config((folder.path() / "file").string());
    BOOST_TEST(looked.is_there);
    BOOST_TEST(looked.warning == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_looked_for_is_warned_of) {
    sandbox::temporary_folder const folder("acme-dns01-settings");
    auto const file = (folder.path() / "loop.conf").string();
    std::filesystem::create_symlink(file, file);
    auto const looked = look_for_config(file);
    BOOST_TEST(!looked.is_there);
    BOOST_TEST(
        looked.warning == "the configuration file " + file +
                              " cannot be reached: Too many levels of symbolic links; if it is "
                              "there, nothing that it says holds, `allow` and `caa-issuer` included"
    );
}

BOOST_AUTO_TEST_SUITE_END()
