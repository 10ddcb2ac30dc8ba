#include "clients/certbot.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

BOOST_AUTO_TEST_SUITE(clients_certbot)

using namespace acme_dns01;
using namespace acme_dns01::clients;

namespace {

using variables = std::map<std::string, std::string>;

constexpr auto value = "gfj9Xq-Rg85nM_BDJuMZ4rSzSdNNbyKtvZ1TpVvkcAo";
constexpr auto hint =
    "this is certbot's hook: name it with --manual-auth-hook and --manual-cleanup-hook";

// What certbot 2 sets for the first of two names.
variables certbots() {
    return {
        {"CERTBOT_DOMAIN", "example.com"},
        {"CERTBOT_IDENTIFIER", "example.com"},
        {"CERTBOT_VALIDATION", value},
        {"CERTBOT_ALL_DOMAINS", "example.com,www.example.com"},
        {"CERTBOT_ALL_IDENTIFIERS", "example.com,www.example.com"},
        {"CERTBOT_REMAINING_CHALLENGES", "1"},
    };
}

variables with(variables changed, std::string const& name, std::string const& text) {
    changed[name] = text;
    return changed;
}

variables without(variables changed, std::string const& name) {
    changed.erase(name);
    return changed;
}

result<hook_request> auth(variables const& all) { return certbot_auth_request(environment(all)); }

result<hook_request> cleanup(variables const& all) {
    return certbot_cleanup_request(environment(all));
}

std::string record_of(std::string const& output) {
    auto const request = cleanup(with(certbots(), "CERTBOT_AUTH_OUTPUT", output));
    if (!request) return request.error().message;
    auto const& record = request->record;
    return record ? record->zone + "/" + std::to_string(record->id) : "none";
}

void check_usage(error const& e, std::string const& message, std::string const& expected_hint) {
    BOOST_TEST(to_string(e.kind) == "usage");
    BOOST_TEST(e.message == message);
    BOOST_TEST(e.hint == expected_hint);
}

} // namespace

BOOST_AUTO_TEST_CASE(auth_creates_what_certbot_asks_for) {
    auto const request = auth(certbots());
    BOOST_REQUIRE(request);
    BOOST_TEST((request->action == hook_action::present));
    BOOST_REQUIRE(request->challenges.size() == 1);
    BOOST_TEST(request->challenges[0].name == "example.com");
    BOOST_TEST(request->challenges[0].value == value);
    BOOST_TEST(!request->challenges[0].is_record_name);
    BOOST_TEST(request->remaining == 1);
    BOOST_TEST(request->order == "example.com,www.example.com");
}

BOOST_AUTO_TEST_CASE(the_names_of_older_and_newer_certbots_are_understood) {
    auto const newer = without(without(certbots(), "CERTBOT_DOMAIN"), "CERTBOT_ALL_DOMAINS");
    auto const older =
        without(without(certbots(), "CERTBOT_IDENTIFIER"), "CERTBOT_ALL_IDENTIFIERS");
    for (auto const& all : {newer, older, with(certbots(), "CERTBOT_DOMAIN", "")}) {
        auto const request = auth(all);
        BOOST_REQUIRE(request);
        BOOST_TEST(request->challenges.at(0).name == "example.com");
        BOOST_TEST(request->order == "example.com,www.example.com");
        BOOST_TEST(cleanup(all).value().challenges.at(0).name == "example.com");
    }
}

BOOST_AUTO_TEST_CASE(oldest_certbots_count_and_list_nothing) {
    auto const request = auth({{"CERTBOT_DOMAIN", "example.com"}, {"CERTBOT_VALIDATION", value}});
    BOOST_REQUIRE(request);
    BOOST_TEST(request->remaining == 0);
    BOOST_TEST(request->order.empty());
}

BOOST_AUTO_TEST_CASE(a_value_that_begins_with_a_dash_is_a_value) {
    auto const request = auth(with(certbots(), "CERTBOT_VALIDATION", "-" + std::string(42, 'a')));
    BOOST_TEST(request.value().challenges.at(0).value == "-" + std::string(42, 'a'));
}

BOOST_AUTO_TEST_CASE(for_http_01_there_is_nothing_to_do_but_to_count) {
    auto const http = with(certbots(), "CERTBOT_TOKEN", "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ");
    auto const request = auth(http);
    BOOST_REQUIRE(request);
    BOOST_TEST((request->action == hook_action::present));
    BOOST_TEST(request->challenges.empty());
    BOOST_TEST(request->remaining == 1);
    BOOST_TEST(request->order == "example.com,www.example.com");
    BOOST_TEST(cleanup(http).value().challenges.empty());
    BOOST_TEST(!cleanup(http).value().record.has_value());
    BOOST_TEST(auth({{"CERTBOT_TOKEN", "t"}}).has_value());
    // An address cannot be proved by DNS, and stands among the names of a mixed order.
    auto address = with(without(http, "CERTBOT_DOMAIN"), "CERTBOT_IDENTIFIER", "2001:db8::1");
    address = with(address, "CERTBOT_ALL_IDENTIFIERS", "example.com,2001:db8::1");
    BOOST_TEST(auth(address).value().challenges.empty());
    BOOST_TEST(cleanup(address).value().challenges.empty());
}

BOOST_AUTO_TEST_CASE(a_missing_variable_is_named) {
    struct {
        variables all;
        std::string message;
    } const cases[] = {
        {{}, "CERTBOT_DOMAIN is not set"},
        {without(without(certbots(), "CERTBOT_DOMAIN"), "CERTBOT_IDENTIFIER"),
         "CERTBOT_DOMAIN is not set"},
        {without(certbots(), "CERTBOT_VALIDATION"), "CERTBOT_VALIDATION is not set"},
        {with(certbots(), "CERTBOT_VALIDATION", ""), "CERTBOT_VALIDATION is not set"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.message) {
            auto const a = auth(c.all);
            auto const b = cleanup(c.all);
            BOOST_REQUIRE((!a && !b));
            check_usage(a.error(), c.message, hint);
            check_usage(b.error(), c.message, hint);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_count_that_is_not_a_number_is_refused_by_auth_alone) {
    for (std::string const text :
         {"many", "-1", "+1", " 1", "1 ", "1.5", "0x1", "9223372036854775808"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const all = with(certbots(), "CERTBOT_REMAINING_CHALLENGES", text);
            auto const request = auth(all);
            BOOST_REQUIRE(!request);
            check_usage(
                request.error(), "CERTBOT_REMAINING_CHALLENGES is not a number: '" + text + "'", ""
            );
            BOOST_TEST(cleanup(all).has_value());
        }
    }
}

// Certbot leaves the variable of one lineage in the environment of the next one's auth hook.
BOOST_AUTO_TEST_CASE(auth_is_auth_also_with_the_output_of_an_earlier_lineage) {
    auto const stale = certbot_auth_output("example.net", 7, "_acme-challenge.example.net", "old");
    auto const request = auth(with(certbots(), "CERTBOT_AUTH_OUTPUT", stale));
    BOOST_REQUIRE(request);
    BOOST_TEST(request->challenges.at(0).name == "example.com");
}

BOOST_AUTO_TEST_CASE(cleanup_removes_what_certbot_asks_for) {
    auto const request = cleanup(certbots());
    BOOST_REQUIRE(request);
    BOOST_TEST((request->action == hook_action::cleanup));
    BOOST_REQUIRE(request->challenges.size() == 1);
    BOOST_TEST(request->challenges[0].name == "example.com");
    BOOST_TEST(request->challenges[0].value == value);
    BOOST_TEST(!request->record.has_value());
}

BOOST_AUTO_TEST_CASE(what_auth_printed_comes_back_to_cleanup) {
    auto const line =
        certbot_auth_output("example.com", 28448446, "_acme-challenge.example.com", value);
    BOOST_TEST(
        line == R"({"zone":"example.com","id":28448446,"fqdn":"_acme-challenge.example.com",)"
                R"("value":"gfj9Xq-Rg85nM_BDJuMZ4rSzSdNNbyKtvZ1TpVvkcAo"})"
    );
    BOOST_TEST(record_of(line) == "example.com/28448446");
    BOOST_TEST(record_of("before\n" + line + "\r\nafter\n") == "example.com/28448446");
    BOOST_TEST(record_of("{}\n{\"zone\":1}\n  " + line) == "example.com/28448446");
}

BOOST_AUTO_TEST_CASE(an_output_without_the_value_is_taken_too) {
    BOOST_TEST(record_of(R"({"zone":"example.com","id":7})") == "example.com/7");
}

BOOST_AUTO_TEST_CASE(an_output_about_another_value_is_ignored) {
    auto const stale = certbot_auth_output("example.com", 7, "_acme-challenge.example.com", "old");
    auto const ours = certbot_auth_output("example.com", 8, "_acme-challenge.example.com", value);
    BOOST_TEST(record_of(stale) == "none");
    BOOST_TEST(record_of(stale + "\n" + ours) == "example.com/8");
}

BOOST_AUTO_TEST_CASE(an_output_of_another_program_is_ignored) {
    for (std::string const output :
         {"",
          "done",
          "null",
          "[]",
          "7",
          "{",
          R"({"zone":"example.com"})",
          R"({"id":7})",
          R"({"zone":null,"id":7})",
          R"({"zone":"example.com","id":"7"})",
          R"({"zone":"example.com","id":7.5})",
          R"({"zone":"example.com","id":7,"value":null})",
          R"({"zone":"example.com","id":7,"value":["x"]})"}) {
        BOOST_TEST_CONTEXT(output) { BOOST_TEST(record_of(output) == "none"); }
    }
}

BOOST_AUTO_TEST_CASE(an_output_that_names_no_possible_record_is_ignored) {
    for (std::string const output :
         {R"({"zone":"example.com","id":0})",
          R"({"zone":"example.com","id":-7})",
          R"({"zone":"","id":7})"}) {
        BOOST_TEST_CONTEXT(output) { BOOST_TEST(record_of(output) == "none"); }
    }
}

BOOST_AUTO_TEST_CASE(a_huge_output_is_ignored) {
    auto const line = certbot_auth_output("example.com", 7, "_acme-challenge.example.com", value);
    BOOST_TEST(record_of(line + std::string(64 * 1024 - line.size(), ' ')) == "example.com/7");
    BOOST_TEST(record_of(line + std::string(64 * 1024 - line.size() + 1, ' ')) == "none");
    BOOST_TEST(record_of(std::string(60'000, '[')) == "none");
}

BOOST_AUTO_TEST_SUITE_END()
