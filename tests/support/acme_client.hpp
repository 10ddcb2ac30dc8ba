#pragma once

#include "sandbox/local_digitalocean.hpp"
#include "support/command.hpp"
#include "support/pebble.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace acme_dns01::test {

// The input of real ACME clients, and the files they write.

// example.com and, in a zone of its own, nested.example.com.
sandbox::options two_zones();

// Runs certbot for one certificate with these names. `how` are the options that choose the
// challenge and its hooks. All its files go into the folder.
test::command certbot_command(
    sandbox::local_digitalocean const& s,
    pebble const& ca,
    std::filesystem::path const& folder,
    std::vector<std::string> const& how,
    std::vector<std::string> const& names
);
// Our hooks, started by `hook`; their stderr goes to `hook.err` in the folder.
std::vector<std::string>
certbot_hooks(std::string const& hook, std::filesystem::path const& folder);
// Of certbot's own DigitalOcean plugin, which waits blindly for so many seconds.
std::vector<std::string> certbot_plugin_options(
    sandbox::local_digitalocean const& s, std::filesystem::path const& folder, unsigned blind_wait
);
// Runs lego with its own DigitalOcean provider. It would look for the name servers at port 53:
// instead it waits for one polling interval.
test::command lego_provider_command(
    sandbox::local_digitalocean const& s,
    pebble const& ca,
    std::filesystem::path const& folder,
    std::vector<std::string> const& names
);
// The folder of certbot's certificate with this first name.
std::string live_certificate(std::filesystem::path const& folder, std::string const& name);

// Sorted; empty if there is no certificate.
std::vector<std::string> names_in_certificate(std::string const& file);

std::string text_of(std::string const& file);
// Throws if nothing in the file matches.
void replace_in(std::string const& file, std::string const& pattern, std::string const& by);

std::vector<std::string> sorted(std::vector<std::string> list);

// As calls_of, sorted, with "<id>" for every record's id.
std::vector<std::string> calls_without_ids(sandbox::local_digitalocean const& s);

} // namespace acme_dns01::test
