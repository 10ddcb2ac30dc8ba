#include "clients/certbot.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

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

// As certbot 2.1 writes it.
std::string file_with(std::string const& parameters) {
    return "# renew_before_expiry = 30 days\n"
           "version = 2.1.0\n"
           "archive_dir = /etc/letsencrypt/archive/example.com\n"
           "cert = /etc/letsencrypt/live/example.com/cert.pem\n"
           "privkey = /etc/letsencrypt/live/example.com/privkey.pem\n"
           "chain = /etc/letsencrypt/live/example.com/chain.pem\n"
           "fullchain = /etc/letsencrypt/live/example.com/fullchain.pem\n"
           "\n"
           "# Options used in the renewal process\n"
           "[renewalparams]\n"
           "account = 0123456789abcdef0123456789abcdef\n" +
           parameters +
           "server = https://acme-v02.api.letsencrypt.org/directory\nkey_type = ecdsa\n";
}

constexpr auto hooks = "manual_auth_hook = acme-dns01 hook certbot-auth\n"
                       "manual_cleanup_hook = acme-dns01 hook certbot-cleanup\n";

} // namespace

BOOST_AUTO_TEST_SUITE(clients_certbot)

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

BOOST_AUTO_TEST_SUITE(clients_certbot_renewal)

BOOST_AUTO_TEST_CASE(lineages_by_manual_dns_hooks_are_ours) {
    struct {
        std::string parameters;
        bool is_ours;
    } const cases[] = {
        {"pref_challs = dns-01,\nauthenticator = manual\n", true},
        {"authenticator = manual\n", true},
        {"pref_challs = http-01, dns-01\nauthenticator = manual\n", true},
        {"pref_challs = \"dns-01\",\nauthenticator = 'manual'\n", true},
        {"pref_challs = http-01,\nauthenticator = manual\n", false},
        {"authenticator = webroot\nwebroot_path = /srv,\n", false},
        {"authenticator = dns-digitalocean\n", false},
        {"authenticator = standalone\n[other]\nauthenticator = manual\n", false},
        {"authenticator = manual# by hand\n", true},
        {"  authenticator=manual\r\n", true},
        {"authenticator = manual\npref_challs = dns,\n", true},
        {"authenticator = manual\npref_challs = 'http-01', \"dns-01\"\n", true},
        {"authenticator = manual\npref_challs = dns-persist-01,\n", false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.parameters) {
            auto const found = certbot_renewal_in(file_with(c.parameters + hooks)).value();
            BOOST_TEST(found.is_by_dns_hooks == c.is_ours);
            if (!c.is_ours) continue;
            BOOST_TEST(found.links[0] == "/etc/letsencrypt/live/example.com/cert.pem");
            BOOST_TEST(found.links[1] == "/etc/letsencrypt/live/example.com/privkey.pem");
            BOOST_TEST(found.links[2] == "/etc/letsencrypt/live/example.com/chain.pem");
            BOOST_TEST(found.links[3] == "/etc/letsencrypt/live/example.com/fullchain.pem");
        }
    }
}

BOOST_AUTO_TEST_CASE(without_hooks_somebody_has_to_do_it_by_hand) {
    auto const file = file_with("pref_challs = dns-01,\nauthenticator = manual\n");
    BOOST_TEST(!certbot_renewal_in(file)->is_by_dns_hooks);
}

// certbot's storage.py and renewal.py
BOOST_AUTO_TEST_CASE(a_file_that_certbot_skips_is_an_error) {
    auto const ours = [](std::string const& more) {
        return file_with("authenticator = manual\n" + std::string(hooks) + more);
    };
    auto const without_line = [&](std::string const& begin) {
        auto file = ours("");
        auto const at = file.find("\n" + begin);
        return file.erase(at, file.find('\n', at + 1) - at);
    };
    auto const line = [](std::string const& kind) {
        return "there is no line `" + kind + " = <file>`";
    };
    struct {
        std::string file;
        std::string told;
    } const cases[] = {
        {"", line("cert")},
        {without_line("cert ="), line("cert")},
        {without_line("privkey ="), line("privkey")},
        {without_line("chain ="), line("chain")},
        {without_line("fullchain ="), line("fullchain")},
        {"cert =\n", line("cert")},
        {"certs = a\n", line("cert")},
        {"cert\n", "'cert' is neither a section nor a setting"},
        {"= a\n", "'= a' is neither a section nor a setting"},
        {file_with("") + "\x1b[2J", "'?[2J' is neither a section nor a setting"},
        {file_with("[[a]\n"), "'[[a]' is neither a section nor a setting"},
        {file_with("[a\n"), "'[a' is neither a section nor a setting"},
        {file_with("[]\n"), "'[]' is neither a section nor a setting"},
        {ours("user = \"a\n"), "'user = \"a' has a quote that is not closed"},
        {ours("account = 1\n"), "'account = 1' stands there twice"},
        {ours("") + "[renewalparams]\n", "'[renewalparams]' stands there twice"},
        {file_with(""), "[renewalparams] has no authenticator"},
        {without_line("[renewalparams]"), "[renewalparams] has no authenticator"},
        {ours("autorenew = False\n"), "autorenew is False"},
        {ours("autorenew = 'false' # for now\n"), "autorenew is False"},
        {ours("autorenew = no\n"), "autorenew is neither True nor False"},
        {ours("reuse_key = 1\n"), "reuse_key is neither True nor False"},
        {ours("must_staple = None\n"), "must_staple is neither True nor False"},
        {ours("allow_subset_of_names = yes\n"), "allow_subset_of_names is neither True nor False"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.file) {
            auto const found = certbot_renewal_in(c.file);
            BOOST_REQUIRE(!found);
            BOOST_TEST((found.error().kind == error_kind::configuration));
            BOOST_TEST(found.error().message == c.told);
        }
    }
}

BOOST_AUTO_TEST_CASE(other_settings_and_sections_do_not_matter) {
    auto const file = file_with(
        "authenticator = manual\n" + std::string(hooks) +
        "autorenew = True\nreuse_key = true\n[[webroot_map]]\nautorenew = no\n"
        "[ other ] # a comment\nautorenew = False\naccount = 1\n'cert' = \"'\" # it's\n"
    );
    BOOST_TEST(certbot_renewal_in(file).value().is_by_dns_hooks);
    BOOST_TEST(!certbot_renewal_in("[renewalparams]\nauthenticator = nginx\n")->is_by_dns_hooks);
}

BOOST_AUTO_TEST_SUITE_END()
