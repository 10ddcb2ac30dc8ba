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

// What a real ACME client is to do with our hook, and where.
struct client_task {
    sandbox::local_digitalocean& s;
    pebble const& ca;
    std::filesystem::path folder; // for all its files
    std::vector<std::string> names;
};

// A real ACME client in one of its modes. Its own output, and what its hooks say, is captured.
struct hook_client {
    std::string name;
    std::function<test::command(client_task const&)> command;
    // Where it puts the certificate.
    std::function<std::string(client_task const&)> certificate;
    // How many records there are of two names when a hook waits for the first time.
    std::size_t records_at_first_wait = 1;
};

// certbot, dehydrated and lego in both their modes, uacme.
std::vector<hook_client> hook_clients();

// A folder of scripts that clients are given.
std::string hooks_folder();

// The sandbox's environment, with acme-dns01 in PATH.
std::map<std::string, std::string> client_environment(sandbox::local_digitalocean const& s);

} // namespace acme_dns01::test
