#include "sandbox/temporary_folder.hpp"
#include "support/pebble.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>

using namespace acme_dns01::test;
using acme_dns01::sandbox::sandbox;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

texts const names{
    "example.com",
    "*.example.com",
    "www.example.com",
    "mail.example.com",
    "www.nested.example.com"};

acme_dns01::sandbox::options two_zones() {
    auto options = quick({0.2, 0.4, 0.8});
    options.domains = {"example.com", "nested.example.com"};
    return options;
}

// The real certbot with our hooks, started by `hook`; what they say on stderr goes to a file.
acme_dns01::sandbox::outcome certbot(
    sandbox const& s, pebble const& ca, std::filesystem::path const& folder, std::string const& hook
) {
    auto const call = [&](std::string const& name) {
        return hook + " hook " + name + " 2>>" + (folder / "hook.err").string();
    };
    acme_dns01::sandbox::command command;
    command.arguments = {
        "certbot",
        "certonly",
        "--non-interactive",
        "--agree-tos",
        "--manual",
        "--register-unsafely-without-email",
        "--preferred-challenges",
        "dns",
        "--server",
        ca.directory(),
        "--config-dir",
        folder / "config",
        "--work-dir",
        folder / "work",
        "--logs-dir",
        folder / "logs",
        "--manual-auth-hook",
        call("certbot-auth"),
        "--manual-cleanup-hook",
        call("certbot-cleanup"),
    };
    for (auto const& name : names) {
        command.arguments.insert(command.arguments.end(), {"-d", name});
    }
    command.environment = s.environment();
    command.environment["REQUESTS_CA_BUNDLE"] = s.ca_file();
    command.capture = true;
    command.time_limit = acme_dns01::seconds(180);
    return acme_dns01::sandbox::run(command).value();
}

// People put scripts of their own between certbot and its hook, in any language.
std::string wrapper(std::filesystem::path const& folder, std::string const& text) {
    auto const file = folder / "hook";
    std::ofstream(file) << text;
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return file;
}

texts names_in_certificate(std::string const& file) {
    acme_dns01::sandbox::command command;
    command.arguments = {"openssl", "x509", "-in", file, "-noout", "-ext", "subjectAltName"};
    command.capture = true;
    auto const printed = acme_dns01::sandbox::run(command).value().out;
    texts found;
    std::regex const name("DNS:([^,\\s]+)");
    for (std::sregex_iterator at(printed.begin(), printed.end(), name), end; at != end; ++at) {
        found.push_back((*at)[1]);
    }
    return found;
}

std::string text_of(std::string const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t count(std::string const& text, std::string const& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

texts sorted(texts list) {
    std::ranges::sort(list);
    return list;
}

} // namespace

BOOST_AUTO_TEST_SUITE(clients_certbot)

BOOST_AUTO_TEST_CASE(certbot_gets_one_certificate_in_two_calls_a_name_and_leaves_nothing) {
    sandbox s(two_zones());
    acme_dns01::sandbox::temporary_folder const scratch("acme-dns01-test");
    auto const& folder = scratch.path();
    pebble const ca(s, folder);

    auto const issued = certbot(s, ca, folder, ACME_DNS01_PROGRAM);
    BOOST_TEST(issued.status == 0, issued.out << issued.err);
    auto const certificate = folder / "config/live/example.com/cert.pem";
    BOOST_TEST(sorted(names_in_certificate(certificate)) == sorted(names), per_element());
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

BOOST_AUTO_TEST_CASE(the_last_auth_hook_alone_waits_whatever_stands_in_between) {
    std::string const program = ACME_DNS01_PROGRAM;
    for (auto const& script : {
             "#!/bin/sh\n" + program + " \"$@\" --verbose\n",
             "#!/usr/bin/perl\nexit(system('" + program + "', @ARGV, '--verbose') >> 8);\n",
         }) {
        BOOST_TEST_CONTEXT(script) {
            sandbox s(two_zones());
            acme_dns01::sandbox::temporary_folder const scratch("acme-dns01-test");
            auto const& folder = scratch.path();
            pebble const ca(s, folder);
            auto const issued = certbot(s, ca, folder, wrapper(folder, script));
            BOOST_TEST(issued.status == 0, issued.out << issued.err);
            // A wait tells of each of the three servers once.
            auto const told = text_of(folder / "hook.err");
            BOOST_TEST(count(told, ") serving after ") == 3U, told);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
