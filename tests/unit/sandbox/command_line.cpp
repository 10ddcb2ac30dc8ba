#include "sandbox/command_line.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sandbox_command_line)

using namespace acme_dns01;
using namespace acme_dns01::sandbox;

namespace {

using texts = std::vector<std::string>;

command_line parsed(texts const& arguments) { return parse_command_line(arguments).value(); }

} // namespace

BOOST_AUTO_TEST_CASE(without_options_the_defaults_apply) {
    auto const c = parsed({});
    BOOST_TEST(!c.help);
    BOOST_TEST(!c.version);
    BOOST_TEST(c.command.empty());
    BOOST_TEST(c.settings.domains == texts{"example.com"}, boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(c.settings.name_servers.size() == 3U);
    BOOST_TEST(c.settings.name_servers[2].host == "ns3.digitalocean.com");
    BOOST_TEST(c.settings.name_servers[2].delay.count() == 1.0);
    BOOST_TEST(c.settings.scopes.empty());
    BOOST_TEST(c.settings.limits.per_hour == 5000U);
    BOOST_TEST(c.settings.limits.per_minute == 250U);
}

BOOST_AUTO_TEST_CASE(every_option_is_parsed) {
    auto const c = parsed({
        "--domain",
        "Example.net",
        "--domain=sub.example.net",
        "--delay",
        "0,1.5,2",
        "--name-server",
        "127.53.0.2=silent",
        "--name-server=127.0.0.1=servfail",
        "--scope",
        "domain:read",
        "--scope=domain:create",
        "--scope=droplet:read",
        "--rate-limit",
        "off",
        "--fault",
        "POST 503 x3",
        "--fault=garbage",
        "--access-log",
        "/tmp/log",
    });
    BOOST_TEST(
        c.settings.domains == (texts{"example.net", "sub.example.net"}),
        boost::test_tools::per_element()
    );
    BOOST_TEST(c.settings.name_servers[0].delay.count() == 0.0);
    BOOST_TEST(c.settings.name_servers[1].delay.count() == 1.5);
    BOOST_TEST(c.settings.name_servers[2].delay.count() == 2.0);
    BOOST_TEST_REQUIRE(c.behaviours.size() == 2U);
    BOOST_TEST(c.behaviours[0].first == "127.53.0.2");
    BOOST_TEST((c.behaviours[0].second == behaviour::silent));
    BOOST_TEST(c.behaviours[1].first == "127.0.0.1");
    BOOST_TEST((c.behaviours[1].second == behaviour::servfail));
    BOOST_TEST(
        c.settings.scopes ==
            (std::set<std::string>{"domain:create", "domain:read", "droplet:read"}),
        boost::test_tools::per_element()
    );
    BOOST_TEST(c.settings.limits.per_hour == 0U);
    BOOST_TEST(c.settings.limits.per_minute == 0U);
    BOOST_TEST_REQUIRE(c.settings.faults.size() == 2U);
    BOOST_TEST(c.settings.faults[0].count == 3U);
    BOOST_TEST((c.settings.faults[1].action == fault_action::garbage));
    BOOST_TEST(c.settings.access_log == "/tmp/log");
    BOOST_TEST(parsed({"--help"}).help);
    BOOST_TEST(parsed({"--version"}).version);
}

BOOST_AUTO_TEST_CASE(everything_after_two_dashes_is_the_command) {
    auto const c = parsed({"--domain", "a.example", "--", "run", "--domain", "b", "--", "--help"});
    BOOST_TEST(
        c.command == (texts{"run", "--domain", "b", "--", "--help"}),
        boost::test_tools::per_element()
    );
    BOOST_TEST(c.settings.domains == texts{"a.example"}, boost::test_tools::per_element());
    BOOST_TEST(!c.help);
}

BOOST_AUTO_TEST_CASE(bad_usage_is_explained) {
    std::pair<texts, std::string> const examples[] = {
        {{"--"}, "there is no command after '--'"},
        {{"--token", "x"}, "unrecognised option '--token'"},
        {{"--domain"}, "the required argument for option '--domain' is missing"},
        {{"--domain", "a..b"}, "'a..b' is not a domain name: it has an empty label"},
        {{"--domain", "a.b", "--domain", "A.b"}, "--domain a.b is given twice"},
        {{"--delay", "1,2"}, "--delay needs three numbers, one for each name server"},
        {{"--delay", "1,2,x"}, "--delay: 'x' is not a delay from 0 to 3600 s"},
        {{"--delay", "1,2,-1"}, "--delay: '-1' is not a delay from 0 to 3600 s"},
        {{"--delay", "1,2,nan"}, "--delay: 'nan' is not a delay from 0 to 3600 s"},
        {{"--delay", "1,2,3601"}, "--delay: '3601' is not a delay from 0 to 3600 s"},
        {{"--name-server", "127.53.0.1"}, "--name-server: '127.53.0.1' does not name a server"},
        {{"--name-server", "127.53.0.9=silent"},
         "--name-server: '127.53.0.9=silent' does not name a server"},
        {{"--name-server", "127.53.0.1=odd"}, "'odd' is not a behaviour of a name server"},
        {{"--scope", "domain"}, "--scope: 'domain' is not a scope"},
        {{"--scope", "domain:write"}, "--scope: 'domain:write' is not a scope"},
        {{"--scope", ":read"}, "--scope: ':read' is not a scope"},
        {{"--rate-limit", "maybe"}, "--rate-limit must be on or off"},
        {{"--fault", "x"}, "--fault: 'x' is not a fault: 'x' is unknown"},
        {{"extra"}, "too many positional options have been specified on the command line"},
    };
    for (auto const& [arguments, message] : examples) {
        BOOST_TEST_CONTEXT(message) {
            auto const c = parse_command_line(arguments);
            BOOST_TEST_REQUIRE(c.has_error());
            BOOST_TEST((c.error().kind == error_kind::usage));
            BOOST_TEST(c.error().message == message);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_help_names_every_option_and_every_fault) {
    auto const help = help_text();
    for (auto const* word : {
             "--domain <name>",
             "--delay <s>,<s>,<s>",
             "--name-server <address>=<behaviour>",
             "--scope <scope>",
             "--rate-limit on|off",
             "--fault <fault>",
             "--access-log <file>",
             "--help",
             "--version",
             "reset-before",
             "reset-after",
             "delay=<s>",
             "cut-short",
             "garbage",
             "oversized",
             "slowly[=<s>]",
             "close-after",
             "retry-after=<s>",
             "'POST /v2/domains 503 x3'",
         }) {
        BOOST_TEST_CONTEXT(word) { BOOST_TEST(help.find(word) != std::string::npos); }
    }
}

BOOST_AUTO_TEST_SUITE_END()
