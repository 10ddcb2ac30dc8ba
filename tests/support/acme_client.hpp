#pragma once

#include "sandbox/local_digitalocean.hpp"
#include "support/command.hpp"
#include "support/pebble.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace acme_dns01::test {

// What real ACME clients are given, and what they leave.

// example.com and, in a zone of its own, nested.example.com.
sandbox::options two_zones();

// The real certbot, asked for one certificate with these names: `how` are the options that say how
// they are proved. All its files go into the folder.
test::command certbot_command(
    sandbox::local_digitalocean const& s,
    pebble const& ca,
    std::filesystem::path const& folder,
    std::vector<std::string> const& how,
    std::vector<std::string> const& names
);
// Our hooks, started by `hook`; what they say on stderr goes to `hook.err` in the folder.
std::vector<std::string>
certbot_hooks(std::string const& hook, std::filesystem::path const& folder);
// Where certbot keeps the certificate whose first name this is.
std::string live_certificate(std::filesystem::path const& folder, std::string const& name);

// Sorted; none where there is no certificate.
std::vector<std::string> names_in_certificate(std::string const& file);

std::string text_of(std::string const& file);

std::vector<std::string> sorted(std::vector<std::string> list);

// As calls_of, sorted, with "<id>" for every record's id.
std::vector<std::string> calls_without_ids(sandbox::local_digitalocean const& s);

} // namespace acme_dns01::test
