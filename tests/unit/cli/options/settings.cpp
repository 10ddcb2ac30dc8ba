#include "cli/options/settings.hpp"

#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(cli_settings)

using namespace acme_dns01;
using namespace acme_dns01::cli;

namespace {

using texts = std::vector<std::string>;
using variables = std::map<std::string, std::string>;

constexpr auto see_help =
    "`acme-dns01 help` lists the commands, `acme-dns01 help options` the options";

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
    for (auto const& server : s.resolvers.configured)
        shown.push_back(dns::to_string(server));
    return shown;
}

double in_seconds(seconds s) { return s.count(); }

auto const value = "-" + std::string(42, 'a');

} // namespace

BOOST_AUTO_TEST_CASE(without_options_the_defaults_apply) {
    auto const s = read({}, {{"XDG_STATE_HOME", "/home/somebody/state"}}).value();
    BOOST_TEST(s.words.empty());
    BOOST_TEST(s.ids.empty());
    BOOST_TEST(!(s.no_wait || s.output.json || s.output.quiet || s.output.verbose || s.version));
    BOOST_TEST(s.accounts.token_file.empty());
    BOOST_TEST(s.accounts.api.origin() == "https://api.digitalocean.com");
    BOOST_TEST(s.accounts.api.prefix.empty());
    BOOST_TEST(
        (s.accounts.trust.ca_file + s.accounts.trust.cert_file + s.accounts.trust.cert_dir).empty()
    );
    BOOST_TEST(s.resolvers.configured.empty());
    BOOST_TEST(s.resolvers.dns_port == 53);
    BOOST_TEST(s.resolvers.trust_anchor.empty());
    auto const is_root = ::geteuid() == 0;
    BOOST_TEST(
        s.state_dir == (is_root ? "/var/lib/acme-dns01" : "/home/somebody/state/acme-dns01")
    );
    BOOST_TEST(s.ttl == 30);
    BOOST_TEST(in_seconds(s.patience.timeout) == 120);
    BOOST_TEST(!s.patience.settle.has_value());
    BOOST_TEST(in_seconds(s.patience.grace) == 5);
    BOOST_TEST(s.accounts.deadline.count() == 300);
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
    BOOST_TEST(s.accounts.token_file == "/token");
    BOOST_TEST(s.accounts.api.origin() == "https://localhost:8443");
    BOOST_TEST(s.accounts.api.prefix == "/do");
    BOOST_TEST(s.accounts.trust.ca_file == "/ca.pem");
    BOOST_TEST(resolvers_of(s) == texts{"192.0.2.1"}, boost::test_tools::per_element());
    BOOST_TEST(s.resolvers.dns_port == 5353);
    BOOST_TEST(s.resolvers.trust_anchor == "/root.ds");
    BOOST_TEST(s.state_dir == "/state");
    BOOST_TEST(s.ttl == 60);
    BOOST_TEST(s.record.ttl.value() == 60);
    BOOST_TEST(in_seconds(s.patience.settle.value()) == 1.5);
    BOOST_TEST(in_seconds(s.patience.timeout) == 600);
    BOOST_TEST(in_seconds(s.patience.grace) == 0);
    BOOST_TEST(s.accounts.deadline.count() == 30.25);
    BOOST_TEST((s.output.json && s.output.quiet && s.output.verbose && s.no_wait));
    BOOST_TEST(s.ids == texts{"a.example/7"}, boost::test_tools::per_element());
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
    BOOST_TEST(s.accounts.token_file == "/token");
    BOOST_TEST(s.accounts.api.origin() == "https://localhost:8443");
    BOOST_TEST(
        resolvers_of(s) == (texts{"192.0.2.1", "[2001:db8::1]:5353", "192.0.2.2"}),
        boost::test_tools::per_element()
    );
    BOOST_TEST(s.resolvers.dns_port == 5353);
    BOOST_TEST(s.resolvers.trust_anchor == "/root.ds");
    BOOST_TEST(s.state_dir == "/state");
    BOOST_TEST(s.accounts.trust.ca_file.empty());
    BOOST_TEST(s.accounts.trust.cert_file == "/cert.pem");
    BOOST_TEST(s.accounts.trust.cert_dir == "/certs:/more");
    BOOST_TEST(s.ttl == 30);
}

BOOST_AUTO_TEST_CASE(an_empty_variable_counts_as_unset) {
    auto const s = read({}, {{"ACME_DNS01_DNS_PORT", ""}, {"ACME_DNS01_RESOLVER", ""}}).value();
    BOOST_TEST(s.resolvers.dns_port == 53);
    BOOST_TEST(s.resolvers.configured.empty());
}

BOOST_AUTO_TEST_CASE(resolvers_may_be_repeated) {
    auto const s = read({"--resolver", "192.0.2.1", "--json", "--resolver=[::1]:5353"}).value();
    BOOST_TEST(
        resolvers_of(s) == (texts{"192.0.2.1", "[::1]:5353"}), boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_repeatable_option_takes_one_value_each_time) {
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
            BOOST_TEST(s->output.json);
        }
    }
}

BOOST_AUTO_TEST_CASE(after_two_dashes_everything_is_a_word) {
    auto const s = read({"--json", "present", "--", "--quiet", "-x", "--", value}).value();
    BOOST_TEST(
        s.words == (texts{"present", "--quiet", "-x", "--", value}),
        boost::test_tools::per_element()
    );
    BOOST_TEST(s.output.json);
    BOOST_TEST(!s.output.quiet);
}

BOOST_AUTO_TEST_CASE(an_unknown_option_is_refused) {
    struct {
        texts line;
        std::string option;
        std::string hint = see_help;
    } const cases[] = {
        {{"--colour"}, "--colour"},
        {{"present", "--jsn"}, "--jsn", "did you mean --json?"},
        {{"--token", "dop_v1_abc"}, "--token", "did you mean --token-file?"},
        {{"--js"}, "--js", "did you mean --json?"},
        {{"--propagation-time", "5"}, "--propagation-time", "did you mean --propagation-timeout?"},
        {{"--words", "status"}, "--words"},
        {{"-j"}, "-j"},
        {{"--\x1b[2J"}, "--?[2J"},
        {{"--token=dop_v1_abc"}, "--token", "did you mean --token-file?"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.option) {
            check_usage(read(c.line), "there is no option '" + c.option + "'", c.hint);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_option_used_wrongly_is_refused) {
    struct {
        texts line;
        std::string message;
    } const cases[] = {
        {{"--json=yes"}, "option '--json' does not take any arguments"},
        {{"--ttl"}, "the required argument for option '--ttl' is missing"},
        {{"run", "--domain", "--", "certbot"},
         "the required argument for option '--domain' is missing"},
        {{"--ttl", "--json"}, "--ttl: '--json' is not a number from 30 to 2147483647"},
        {{"--ttl", "30", "--ttl", "60"}, "option '--ttl' is given more than once"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.message) { check_usage(read(c.line), c.message, see_help); }
    }
}

// Boost 1.81 replaces such words in its messages until none is left, which is never.
BOOST_AUTO_TEST_CASE(a_placeholder_in_an_option_ends, *boost::unit_test::timeout(60)) {
    auto const unknown = [](std::string const& name) {
        return "there is no option '" + name + "'";
    };
    struct {
        texts line;
        std::string message;
    } const cases[] = {
        {{"caa", "check", "-%original_token%"}, unknown("-%original_token%")},
        {{"--%canonical_option%"}, unknown("--%canonical_option%")},
        {{"--%option%=%value%"}, unknown("--%option%")},
        {{"--%prefix%", "%value%"}, unknown("--%prefix%")},
        {{"--json=%original_token%"}, "option '--json' does not take any arguments"},
        {{"--ttl=%value%"}, "--ttl: '%value%' is not a number from 30 to 2147483647"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.message) { check_usage(read(c.line), c.message, see_help); }
    }
}

BOOST_AUTO_TEST_CASE(a_text_that_is_not_the_number_wanted_is_refused) {
    auto const longest = "--propagation-timeout";
    struct {
        std::string option;
        texts bad;
        std::string message;
    } const cases[] = {
        {"--ttl",
         {"29", "-30", "+30", "0x30", "30.0", " 30", "30s", "", "many", "2147483648", "1e3"},
         "not a number from 30 to 2147483647"},
        {"--dns-port", {"0", "65536", "-1", "domain", "53 "}, "not a number from 1 to 65535"},
        {longest,
         {"-1", "1,5", "inf", "nan", "0x10", "1e7", "", " 1", "soon"},
         "not a number of seconds"},
        {"--grace", {"-0.1", "5s"}, "not a number of seconds"},
        {"--deadline", {"-0.1", "1000000.1"}, "not a number of seconds"},
        {"--settle", {"-0.1", "Auto", "automatic"}, "not a number of seconds"},
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
    BOOST_TEST(read({"--dns-port=65535"}).value().resolvers.dns_port == 65535);
    BOOST_TEST(read({"--deadline=1000000"}).value().accounts.deadline.count() == 1e6);
    BOOST_TEST(in_seconds(read({"--settle=0"}).value().patience.settle.value()) == 0);
    BOOST_TEST(!read({"--settle=auto"}).value().patience.settle.has_value());
}

BOOST_AUTO_TEST_CASE(a_text_that_is_not_an_address_is_refused) {
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
        "--api-url: 'http://localhost' is not an API URL: it is not https",
        "it looks like https://api.digitalocean.com"
    );
}

BOOST_AUTO_TEST_CASE(the_version_needs_nothing_but_known_options) {
    variables const broken{
        {"ACME_DNS01_CONFIG", "/nonexistent.conf"},
        {"ACME_DNS01_API_URL", "nonsense"},
        {"ACME_DNS01_DNS_PORT", "nonsense"},
        {"HTTPS_PROXY", "nonsense:nonsense"}};
    BOOST_TEST(read({"status", "--version"}, broken).value().version);
    BOOST_TEST(!read({"--version", "--colour"}).has_value());
}

BOOST_AUTO_TEST_CASE(the_form_of_output_is_read_from_a_line_with_errors) {
    auto const m = output_options_in({"--colour", "--json", "x", "--verbose"});
    BOOST_TEST((m.json && m.verbose && !m.quiet));
    auto const none = output_options_in({"--jso", "json", "quiet"});
    BOOST_TEST(!(none.json || none.verbose || none.quiet));
}

BOOST_AUTO_TEST_CASE(which_servers_to_ask_and_to_require_are_words) {
    auto const usual = read({}).value();
    BOOST_TEST(!usual.patience.require_all);
    BOOST_TEST(usual.resolvers.asks_authoritative);
    auto const other = read({"--require", "all", "--propagation", "resolver"}).value();
    BOOST_TEST(other.patience.require_all);
    BOOST_TEST(!other.resolvers.asks_authoritative);
    BOOST_TEST(!read({"--require", "answering"}).value().patience.require_all);
    auto const bad = read({"--propagation", "both"});
    BOOST_REQUIRE(!bad);
    BOOST_TEST(to_string(bad.error().kind) == "usage");
    BOOST_TEST(bad.error().message == "--propagation: 'both' is not resolver or authoritative");
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
            BOOST_TEST(!output_options_in(line).json);
            BOOST_TEST(!output_options_in(line).quiet);
        }
    }
    BOOST_TEST(output_options_in({"hook", "certbot-auth", "--json"}).json);
    BOOST_TEST(output_options_in({"--json", "hook", "lego"}).json);
}

BOOST_AUTO_TEST_CASE(an_empty_list_is_refused) {
    for (std::string const option : {"--domain", "--allow"}) {
        for (std::string const nothing : {"", " ", ",", " , "}) {
            BOOST_TEST_CONTEXT(option << " '" << nothing << "'") {
                auto const told = option + ": the value is empty";
                check_usage(read({option, nothing}), told, see_help);
                check_usage(read({option, "a.example", option, nothing}), told, see_help);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
