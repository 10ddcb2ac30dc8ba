#include "cli/options/settings.hpp"

#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <unistd.h>

using namespace acme_dns01;
using namespace acme_dns01::cli;

namespace {

using texts = std::vector<std::string>;
using variables = std::map<std::string, std::string>;

constexpr auto see_help = "acme-dns01 --help lists commands and options";

// An empty configuration file, so that this machine's own one is left out.
result<settings> read(texts const& line, variables env = {}) {
    static sandbox::temporary_folder const folder("acme-dns01-settings");
    static auto const file = (folder.path() / "empty.conf").string();
    sandbox::write_private_file(file, "");
    env.emplace("ACME_DNS01_CONFIG", file);
    return read_settings(line, environment(std::move(env)));
}

void check_usage(result<settings> const& got, std::string const& message, std::string const& hint) {
    BOOST_REQUIRE(!got);
    BOOST_TEST(to_string(got.error().kind) == "usage");
    BOOST_TEST(got.error().message == message);
    BOOST_TEST(got.error().hint == hint);
}

texts resolvers_of(settings const& s) {
    texts shown;
    for (auto const& server : s.resolvers)
        shown.push_back(dns::to_string(server));
    return shown;
}

auto const value = "-" + std::string(42, 'a');

} // namespace

BOOST_AUTO_TEST_SUITE(cli_settings)

BOOST_AUTO_TEST_CASE(without_anything_said_it_is_the_defaults) {
    auto const s = read({}, {{"XDG_STATE_HOME", "/home/somebody/state"}}).value();
    BOOST_TEST(s.words.empty());
    BOOST_TEST(s.ids.empty());
    BOOST_TEST(!(s.no_wait || s.json || s.quiet || s.verbose || s.help || s.version));
    BOOST_TEST(s.token_file.empty());
    BOOST_TEST(s.api.origin() == "https://api.digitalocean.com");
    BOOST_TEST(s.api.prefix.empty());
    BOOST_TEST((s.trust.ca_file + s.trust.cert_file + s.trust.cert_dir).empty());
    BOOST_TEST(s.resolvers.empty());
    BOOST_TEST(s.dns_port == 53);
    BOOST_TEST(s.trust_anchor.empty());
    auto const is_root = ::geteuid() == 0;
    BOOST_TEST(
        s.state_dir == (is_root ? "/var/lib/acme-dns01" : "/home/somebody/state/acme-dns01")
    );
    BOOST_TEST(s.ttl == 30);
    BOOST_TEST(s.propagation_timeout.count() == 120);
    BOOST_TEST(!s.settle.has_value());
    BOOST_TEST(s.grace.count() == 5);
    BOOST_TEST(s.deadline.count() == 300);
}

BOOST_AUTO_TEST_CASE(every_option_is_taken_from_the_command_line) {
    auto const s = read({
                            "present",
                            "example.com",
                            value,
                            "--token-file",
                            "/token",
                            "--api-url=https://localhost:8443/do/",
                            "--ca-file",
                            "/ca.pem",
                            "--resolver=192.0.2.1",
                            "--dns-port",
                            "5353",
                            "--trust-anchor=/root.ds",
                            "--state-dir",
                            "/state",
                            "--ttl=60",
                            "--settle",
                            "1.5",
                            "--propagation-timeout=600",
                            "--grace",
                            "0",
                            "--deadline=30.25",
                            "--json",
                            "--quiet",
                            "--verbose",
                            "--no-wait",
                            "--id=a.example/7",
                        })
                       .value();
    BOOST_TEST(
        s.words == (texts{"present", "example.com", value}), boost::test_tools::per_element()
    );
    BOOST_TEST(s.token_file == "/token");
    BOOST_TEST(s.api.origin() == "https://localhost:8443");
    BOOST_TEST(s.api.prefix == "/do");
    BOOST_TEST(s.trust.ca_file == "/ca.pem");
    BOOST_TEST(resolvers_of(s) == texts{"192.0.2.1"}, boost::test_tools::per_element());
    BOOST_TEST(s.dns_port == 5353);
    BOOST_TEST(s.trust_anchor == "/root.ds");
    BOOST_TEST(s.state_dir == "/state");
    BOOST_TEST(s.ttl == 60);
    BOOST_TEST(s.settle.value().count() == 1.5);
    BOOST_TEST(s.propagation_timeout.count() == 600);
    BOOST_TEST(s.grace.count() == 0);
    BOOST_TEST(s.deadline.count() == 30.25);
    BOOST_TEST((s.json && s.quiet && s.verbose && s.no_wait));
    BOOST_TEST(s.ids == texts{"a.example/7"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(options_of_single_commands_are_kept_as_they_were_written) {
    using options = std::map<std::string, std::string>;
    BOOST_TEST((read({"status", "--json"}).value().own == options{}));
    BOOST_TEST((
        read({"--no-wait", "--id=a.example/7"}).value().own == options{{"no-wait", ""}, {"id", ""}}
    ));
    auto const s = read({"record", "create", "--data", value, "--ttl=60", "--yes", "--page", "-1"});
    BOOST_TEST(
        (s.value().own == options{{"data", value}, {"ttl", "60"}, {"yes", ""}, {"page", "-1"}})
    );
    BOOST_TEST(s.value().words == (texts{"record", "create"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_variable_is_taken_from_the_environment) {
    auto const s = read(
                       {},
                       {
                           {"ACME_DNS01_TOKEN_FILE", "/token"},
                           {"ACME_DNS01_API_URL", "https://localhost:8443"},
                           {"ACME_DNS01_RESOLVER", "192.0.2.1, [2001:db8::1]:5353 192.0.2.2"},
                           {"ACME_DNS01_DNS_PORT", "5353"},
                           {"ACME_DNS01_TRUST_ANCHOR", "/root.ds"},
                           {"ACME_DNS01_STATE_DIR", "/state"},
                           {"SSL_CERT_FILE", "/cert.pem"},
                           {"SSL_CERT_DIR", "/certs:/more"},
                           {"ACME_DNS01_TTL", "77"},
                       }
    )
                       .value();
    BOOST_TEST(s.token_file == "/token");
    BOOST_TEST(s.api.origin() == "https://localhost:8443");
    BOOST_TEST(
        resolvers_of(s) == (texts{"192.0.2.1", "[2001:db8::1]:5353", "192.0.2.2"}),
        boost::test_tools::per_element()
    );
    BOOST_TEST(s.dns_port == 5353);
    BOOST_TEST(s.trust_anchor == "/root.ds");
    BOOST_TEST(s.state_dir == "/state");
    BOOST_TEST(s.trust.ca_file.empty());
    BOOST_TEST(s.trust.cert_file == "/cert.pem");
    BOOST_TEST(s.trust.cert_dir == "/certs:/more");
    BOOST_TEST(s.ttl == 30);
}

BOOST_AUTO_TEST_CASE(an_empty_variable_counts_as_unset) {
    auto const s = read({}, {{"ACME_DNS01_DNS_PORT", ""}, {"ACME_DNS01_RESOLVER", ""}}).value();
    BOOST_TEST(s.dns_port == 53);
    BOOST_TEST(s.resolvers.empty());
}

BOOST_AUTO_TEST_CASE(resolvers_may_be_repeated) {
    auto const s = read({"--resolver", "192.0.2.1", "--json", "--resolver=[::1]:5353"}).value();
    BOOST_TEST(
        resolvers_of(s) == (texts{"192.0.2.1", "[::1]:5353"}), boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_repeatable_option_takes_one_value_and_leaves_the_command_alone) {
    for (texts const& line :
         {texts{"--resolver", "192.0.2.1", "status"},
          texts{"--resolver=192.0.2.1", "status"},
          texts{"status", "--resolver", "192.0.2.1"}}) {
        BOOST_TEST_CONTEXT(line.front()) {
            auto const s = read(line);
            BOOST_REQUIRE(s);
            BOOST_TEST(s->words == texts{"status"}, boost::test_tools::per_element());
            BOOST_TEST(resolvers_of(*s) == texts{"192.0.2.1"}, boost::test_tools::per_element());
        }
    }
    auto const s = read({"--id", "a.example/7", "cleanup", "--id", "a.example/8"});
    BOOST_REQUIRE(s);
    BOOST_TEST(s->words == texts{"cleanup"}, boost::test_tools::per_element());
    BOOST_TEST(s->ids == (texts{"a.example/7", "a.example/8"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_challenge_value_that_begins_with_a_dash_is_a_value) {
    for (auto const& dashes : {value, "-" + value.substr(0, 42), std::string(43, '-')}) {
        BOOST_TEST_CONTEXT(dashes) {
            auto const s = read({"present", "example.com", dashes, "--json"});
            BOOST_REQUIRE(s);
            BOOST_TEST(
                s->words == (texts{"present", "example.com", dashes}),
                boost::test_tools::per_element()
            );
            BOOST_TEST(s->json);
        }
    }
}

BOOST_AUTO_TEST_CASE(after_two_dashes_everything_is_a_word) {
    auto const s = read({"--json", "present", "--", "--quiet", "-x", "--", value}).value();
    BOOST_TEST(
        s.words == (texts{"present", "--quiet", "-x", "--", value}),
        boost::test_tools::per_element()
    );
    BOOST_TEST(s.json);
    BOOST_TEST(!s.quiet);
}

BOOST_AUTO_TEST_CASE(an_option_that_is_none_is_refused) {
    struct {
        texts line;
        std::string message;
    } const cases[] = {
        {{"--colour"}, "unrecognised option '--colour'"},
        {{"present", "--jsn"}, "unrecognised option '--jsn'"},
        {{"--token", "dop_v1_abc"}, "unrecognised option '--token'"},
        {{"--js"}, "unrecognised option '--js'"},
        {{"--propagation-time", "5"}, "unrecognised option '--propagation-time'"},
        {{"--words", "status"}, "unrecognised option '--words'"},
        {{"-j"}, "unrecognised option '-j'"},
        {{"--\x1b[2J"}, "unrecognised option '--?[2J'"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.message) { check_usage(read(c.line), c.message, see_help); }
    }
}

BOOST_AUTO_TEST_CASE(an_option_used_wrongly_is_refused) {
    struct {
        texts line;
        std::string message;
    } const cases[] = {
        {{"--json=yes"}, "option '--json' does not take any arguments"},
        {{"--ttl"}, "the required argument for option '--ttl' is missing"},
        {{"--ttl", "--json"}, "--ttl: '--json' is no number from 30 to 2147483647"},
        {{"--ttl", "30", "--ttl", "60"}, "option '--ttl' cannot be specified more than once"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.message) { check_usage(read(c.line), c.message, see_help); }
    }
}

BOOST_AUTO_TEST_CASE(a_number_that_is_none_is_refused) {
    auto const longest = "--propagation-timeout";
    struct {
        std::string option;
        texts bad;
        std::string message;
    } const cases[] = {
        {"--ttl",
         {"29", "-30", "+30", "0x30", "30.0", " 30", "30s", "", "many", "2147483648", "1e3"},
         "no number from 30 to 2147483647"},
        {"--dns-port", {"0", "65536", "-1", "domain", "53 "}, "no number from 1 to 65535"},
        {longest,
         {"-1", "1,5", "inf", "nan", "0x10", "1e7", "", " 1", "soon"},
         "no number of seconds"},
        {"--grace", {"-0.1", "5s"}, "no number of seconds"},
        {"--deadline", {"-0.1", "1000000.1"}, "no number of seconds"},
        {"--settle", {"-0.1", "Auto", "automatic"}, "no number of seconds"},
    };
    for (auto const& c : cases) {
        for (auto const& bad : c.bad) {
            BOOST_TEST_CONTEXT(c.option << "=" << bad) {
                check_usage(
                    read({c.option, bad}), c.option + ": '" + bad + "' is " + c.message, see_help
                );
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_limits_of_numbers_are_within) {
    BOOST_TEST(read({"--ttl=2147483647"}).value().ttl == 2147483647);
    BOOST_TEST(read({"--dns-port=65535"}).value().dns_port == 65535);
    BOOST_TEST(read({"--deadline=1000000"}).value().deadline.count() == 1e6);
    BOOST_TEST(read({"--settle=0"}).value().settle.value().count() == 0);
    BOOST_TEST(!read({"--settle=auto"}).value().settle.has_value());
}

BOOST_AUTO_TEST_CASE(an_address_that_is_none_is_refused) {
    check_usage(
        read({"--resolver=dns.example"}),
        "--resolver: 'dns.example' is not an IP address",
        "write <ip> or <ip>:<port>"
    );
    check_usage(
        read({}, {{"ACME_DNS01_RESOLVER", "192.0.2.1,192.0.2.2:0"}}),
        "--resolver: '192.0.2.2:0' has no port number",
        "write <ip> or <ip>:<port>"
    );
    check_usage(
        read({"--api-url", "http://localhost"}),
        "'http://localhost' is not an API URL: it is not https",
        "it looks like https://api.digitalocean.com"
    );
}

BOOST_AUTO_TEST_CASE(help_and_version_win_over_anything_but_a_bad_option) {
    variables const broken{
        {"ACME_DNS01_CONFIG", "/nonexistent.conf"},
        {"ACME_DNS01_API_URL", "nonsense"},
        {"ACME_DNS01_DNS_PORT", "nonsense"},
        {"HTTPS_PROXY", "nonsense:nonsense"}};
    BOOST_TEST(read({"--help", "--ttl=x"}, broken).value().help);
    BOOST_TEST(read({"-h"}, broken).value().help);
    BOOST_TEST(read({"status", "--version"}, broken).value().version);
    BOOST_TEST(!read({"--help", "--colour"}).has_value());
}

BOOST_AUTO_TEST_CASE(the_manner_of_telling_is_read_from_the_wrongest_line) {
    auto const m = manner_of({"--colour", "--json", "x", "--verbose"});
    BOOST_TEST((m.json && m.verbose && !m.quiet));
    auto const none = manner_of({"--jso", "json", "quiet"});
    BOOST_TEST(!(none.json || none.verbose || none.quiet));
}

BOOST_AUTO_TEST_CASE(whom_to_ask_and_who_counts_are_words) {
    auto const usual = read({}).value();
    BOOST_TEST(!usual.require_all);
    BOOST_TEST((usual.propagation == challenge::witnesses::authoritative));
    auto const other = read({"--require", "all", "--propagation", "resolver"}).value();
    BOOST_TEST(other.require_all);
    BOOST_TEST((other.propagation == challenge::witnesses::resolvers));
    BOOST_TEST(!read({"--require", "answering"}).value().require_all);
    auto const bad = read({"--propagation", "both"});
    BOOST_REQUIRE(!bad);
    BOOST_TEST(to_string(bad.error().kind) == "usage");
    BOOST_TEST(
        bad.error().message == "--propagation: 'both' is neither authoritative nor resolver"
    );
}

BOOST_AUTO_TEST_CASE(a_clients_arguments_are_no_options_of_ours) {
    for (std::string const client : {"dehydrated", "lego", "uacme"}) {
        BOOST_TEST_CONTEXT(client) {
            texts const line{
                "--ttl", "60", "hook", client, "--json", "--", "-x", "--quiet", "hook"};
            auto const set = read(line);
            BOOST_REQUIRE(set);
            texts const words{"hook", client, "--json", "--", "-x", "--quiet", "hook"};
            BOOST_TEST(set->words == words, boost::test_tools::per_element());
            BOOST_TEST(set->ttl == 60);
            BOOST_TEST(!manner_of(line).json);
            BOOST_TEST(!manner_of(line).quiet);
        }
    }
    BOOST_TEST(manner_of({"hook", "certbot-auth", "--json"}).json);
    BOOST_TEST(manner_of({"--json", "hook", "lego"}).json);
}

BOOST_AUTO_TEST_CASE(what_run_is_to_check_and_to_start_is_kept_apart) {
    auto const s = read({
                            "run",
                            "--domain",
                            "a.example,b.example",
                            "--certbot",
                            "--domain=c.example",
                            "--",
                            "certbot",
                            "--json",
                            "--domain",
                            "d.example",
                        })
                       .value();
    texts const domains{"a.example", "b.example", "c.example"};
    texts const words{"run", "certbot", "--json", "--domain", "d.example"};
    BOOST_TEST(s.domains == domains, boost::test_tools::per_element());
    BOOST_TEST(s.words == words, boost::test_tools::per_element());
    BOOST_TEST(s.words_behind == 4U);
    BOOST_TEST(s.own.at("certbot") == "/etc/letsencrypt");
    BOOST_TEST(!s.json);
    BOOST_TEST(read({"run", "--certbot", "/srv/le", "--", "a"})->own.at("certbot") == "/srv/le");
    BOOST_TEST(!read({"run", "--", "certbot"})->own.contains("certbot"));
}

BOOST_AUTO_TEST_CASE(a_list_that_names_nothing_is_refused) {
    for (std::string const option : {"--domain", "--allow"}) {
        for (std::string const nothing : {"", " ", ",", " , "}) {
            BOOST_TEST_CONTEXT(option << " '" << nothing << "'") {
                auto const told = option + " names nothing";
                check_usage(read({option, nothing}), told, see_help);
                check_usage(read({option, "a.example", option, nothing}), told, see_help);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
