#include "sandbox/temporary_folder.hpp"
#include "support/acme_client.hpp"
#include "support/logged_server.hpp"
#include "support/tested.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>

BOOST_AUTO_TEST_SUITE(clients_certbot)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

texts const names{
    "example.com",
    "*.example.com",
    "www.example.com",
    "mail.example.com",
    "www.nested.example.com"};

acme_dns01::test::outcome with_hooks(
    local_digitalocean const& s,
    pebble const& ca,
    std::filesystem::path const& folder,
    std::string const& hook
) {
    auto const how = certbot_hooks(hook, folder);
    return acme_dns01::test::run(certbot_command(s, ca, folder, how, names)).value();
}

// People put scripts of their own between certbot and its hook, in any language.
std::string wrapper(std::filesystem::path const& folder, std::string const& text) {
    auto const file = folder / "hook";
    std::ofstream(file) << text;
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return file;
}

acme_dns01::digitalocean::record address_of(std::string const& name) {
    acme_dns01::digitalocean::record host;
    host.type = "A";
    host.name = name;
    host.data = "127.0.0.1";
    host.ttl = 30;
    return host;
}

// Of a folder, where Pebble looks for http-01 challenges.
acme_dns01::test::running_command web_server(std::filesystem::path const& folder) {
    std::filesystem::create_directories(folder / ".well-known/acme-challenge");
    acme_dns01::test::command server;
    server.arguments = {"python3", "-m", "http.server", "5002", "--bind", "127.0.0.1"};
    server.arguments.insert(server.arguments.end(), {"--directory", folder});
    server.capture = true;
    auto running = acme_dns01::test::running_command::start(server).value();
    BOOST_TEST_REQUIRE(becomes_true([] { return is_listening(5002); }));
    return running;
}

std::size_t count(std::string const& text, std::string const& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

// All lineages in one process, whose environment remembers the output of every auth hook.
acme_dns01::test::outcome renew(
    local_digitalocean const& s,
    pebble const& ca,
    std::filesystem::path const& folder,
    texts const& how
) {
    auto command = certbot_command(s, ca, folder, how, {});
    auto& line = command.arguments;
    *std::ranges::find(line, "certonly") = "renew";
    line.emplace_back("--no-random-sleep-on-renew");
    return acme_dns01::test::run(command).value();
}

} // namespace

BOOST_AUTO_TEST_CASE(certbot_needs_two_calls_a_name_and_leaves_nothing) {
    local_digitalocean s(two_zones());
    acme_dns01::sandbox::temporary_folder const scratch("acme-dns01-test");
    auto const& folder = scratch.path();
    pebble const ca(s, folder);

    auto const issued = with_hooks(s, ca, folder, tested::program());
    BOOST_TEST(issued.status == 0, issued.out << issued.err);
    auto const certificate = live_certificate(folder, "example.com");
    BOOST_TEST(names_in_certificate(certificate) == sorted(names), per_element());
    BOOST_TEST(text_of(folder / "hook.err") == "");
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(txt_values(s, "nested.example.com").empty());
    BOOST_TEST(user(s).run({"status"}).out == "nothing outstanding\n");

    texts methods;
    for (auto const& call : s.calls())
        methods.push_back(call.method);
    texts expected{"GET"};
    expected.insert(expected.end(), names.size(), "POST");
    expected.insert(expected.end(), names.size(), "DELETE");
    BOOST_TEST(methods == expected, per_element());
}

// A wrapper serves the http-01 challenges, and calls our hook for them too. Pebble's order is a
// matter of chance: most times one of them is the last, and its call does the work of the others.
BOOST_AUTO_TEST_CASE(an_order_may_mix_http_challenges_with_ours) {
    texts const mixed{
        "*.example.com",
        "*.nested.example.com",
        "a.example.com",
        "b.example.com",
        "c.example.com",
        "d.example.com"};
    auto options = two_zones();
    for (auto const* name : {"a", "b", "c", "d"})
        options.records.push_back({"example.com", address_of(name)});
    local_digitalocean s(options);
    acme_dns01::sandbox::temporary_folder const scratch("acme-dns01-test");
    auto const& folder = scratch.path();
    auto const server = web_server(folder / "web");
    pebble const ca(s, folder);
    auto const script = wrapper(
        folder,
        "#!/bin/sh\n[ -z \"$CERTBOT_TOKEN\" ] || printf %s \"$CERTBOT_VALIDATION\" >'" +
            (folder / "web/.well-known/acme-challenge/'").string() + "\"$CERTBOT_TOKEN\"\nexec " +
            tested::program() + " \"$@\"\n"
    );
    auto command = certbot_command(s, ca, folder, certbot_hooks(script, folder), mixed);
    *std::ranges::find(command.arguments, "dns") = "http,dns";
    auto const issued = acme_dns01::test::run(command).value();
    BOOST_TEST(issued.status == 0, issued.out << issued.err);
    BOOST_TEST(text_of(folder / "hook.err") == "");
    auto const certificate = live_certificate(folder, "example.com");
    BOOST_TEST(names_in_certificate(certificate) == sorted(mixed), per_element());
    BOOST_TEST(user(s).run({"status"}).out == "nothing outstanding\n");
    texts const expected{
        "DELETE /v2/domains/example.com/records/<id> 204",
        "DELETE /v2/domains/nested.example.com/records/<id> 204",
        "GET /v2/domains?page=1&per_page=200 200",
        "POST /v2/domains/example.com/records 201",
        "POST /v2/domains/nested.example.com/records 201",
    };
    BOOST_TEST(calls_without_ids(s) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(only_the_last_auth_hook_waits_behind_any_wrapper) {
    std::string const program = tested::program();
    for (auto const& script : {
             "#!/bin/sh\n" + program + " \"$@\" --verbose\n",
             "#!/usr/bin/perl\nexit(system('" + program + "', @ARGV, '--verbose') >> 8);\n",
         }) {
        BOOST_TEST_CONTEXT(script) {
            local_digitalocean s(two_zones());
            acme_dns01::sandbox::temporary_folder const scratch("acme-dns01-test");
            auto const& folder = scratch.path();
            pebble const ca(s, folder);
            auto const issued = with_hooks(s, ca, folder, wrapper(folder, script));
            BOOST_TEST(issued.status == 0, issued.out << issued.err);
            // A wait tells of each of the three servers once.
            auto const told = text_of(folder / "hook.err");
            BOOST_TEST(count(told, ") serving after ") == 3U, told);
        }
    }
}

BOOST_AUTO_TEST_CASE(certbot_renews_several_lineages_in_one_process) {
    local_digitalocean s(quick());
    acme_dns01::sandbox::temporary_folder const scratch("acme-dns01-test");
    auto const& folder = scratch.path();
    pebble const ca(s, folder);
    auto const hooks = certbot_hooks(tested::program(), folder);
    texts const first{"example.com", "*.example.com"};
    texts const second{"mail.example.com", "www.example.com"};
    for (auto const& lineage : {first, second}) {
        auto const command = certbot_command(s, ca, folder, hooks, lineage);
        BOOST_TEST(acme_dns01::test::run(command).value().status == 0);
    }
    for (std::string const how : {"--force-renewal", "--dry-run"}) {
        BOOST_TEST_CONTEXT(how) {
            auto const before = text_of(live_certificate(folder, "mail.example.com"));
            s.clear_calls();
            auto const renewed = renew(s, ca, folder, {how});
            BOOST_TEST(renewed.status == 0, renewed.out << renewed.err);
            auto const after = text_of(live_certificate(folder, "mail.example.com"));
            BOOST_TEST((before == after) == (how == "--dry-run"));
            BOOST_TEST(text_of(folder / "hook.err") == "");
            BOOST_TEST(txt_values(s, "example.com").empty());
            BOOST_TEST(user(s).run({"status"}).out == "nothing outstanding\n");
            // Four names.
            BOOST_TEST(s.calls().size() == 8U, renewed.out << renewed.err);
        }
    }
    auto const wildcard = names_in_certificate(live_certificate(folder, "example.com"));
    BOOST_TEST(wildcard == sorted(first), per_element());
}

BOOST_AUTO_TEST_SUITE_END()
