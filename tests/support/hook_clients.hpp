#pragma once

#include "sandbox/local_digitalocean.hpp"
#include "support/command.hpp"
#include "support/pebble.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace acme_dns01::test {

// The task of a real ACME client that calls our hook.
struct client_task {
    sandbox::local_digitalocean& s;
    pebble const& ca;
    std::filesystem::path folder; // for all its files
    std::vector<std::string> names;
};

// A real ACME client in one of its modes. Its output and that of its hooks is captured.
struct hook_client {
    std::string name;
    std::function<test::command(client_task const&)> command;
    // The certificate's file.
    std::function<std::string(client_task const&)> certificate;
    // How many of two records exist when a hook waits for the first time.
    std::size_t records_at_first_wait = 1;
};

// certbot, dehydrated and lego in both their modes, uacme.
std::vector<hook_client> hook_clients();

// The folder of the scripts that clients call.
std::string hooks_folder();

// The sandbox's environment, with acme-dns01 in PATH.
std::map<std::string, std::string> client_environment(sandbox::local_digitalocean const& s);

} // namespace acme_dns01::test
