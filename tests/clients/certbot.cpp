#include "sandbox/temporary_folder.hpp"
#include "support/acme_client.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>

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

BOOST_AUTO_TEST_SUITE(clients_certbot)

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
