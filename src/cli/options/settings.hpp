#pragma once

#include "base/environment.hpp"
#include "base/error.hpp"
#include "challenge/allow_list.hpp"
#include "challenge/wait/loop.hpp"
#include "cli/options/output_options.hpp"
#include "digitalocean/accounts.hpp"
#include "dns/exchange.hpp"
#include "net/https_client.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::cli {

// Everything that was said on the command line, in the environment and in the configuration file,
// in this order of precedence, checked once.
struct settings : manner {
    std::vector<std::string> words;   // the command, its arguments
    std::size_t words_behind = 0;     // how many of them stand behind "--"
    std::vector<std::string> ids;     // --id
    std::vector<std::string> domains; // --domain
    bool no_wait = false;
    std::optional<seconds> older_than;
    bool dry_run = false;
    // The options of single commands, and --ttl, as the command line has them: names and texts.
    std::map<std::string, std::string> own;
    bool help = false;
    bool version = false;
    std::string warning; // of settings that may be there and are not known; empty: none

    std::string token_file;            // of the command line or the environment
    std::string configured_token_file; // behind every token of the environment
    std::string account;               // the section to take the token from; empty: as zones say
    std::vector<digitalocean::configured_account> accounts;
    challenge::allow_list allow;
    net::base_url api;
    net::trust trust;
    std::vector<dns::endpoint> resolvers; // empty: the system's
    std::uint16_t dns_port = 53;
    std::string trust_anchor;
    std::string caa_issuer; // empty: CAA is not asked for unless a command does
    std::string state_dir;  // empty: there is none
    std::int64_t ttl = 30;  // seconds
    seconds propagation_timeout{120};
    std::optional<seconds> settle; // nothing: auto
    seconds grace{5};
    bool require_all = false;
    challenge::witnesses propagation = challenge::witnesses::authoritative;
    seconds deadline{300};
};

// What --json and the like say, read as well as possible even where the rest is wrong: so that a
// usage error, too, is told in the way that was asked for.
manner manner_of(std::vector<std::string> const& arguments);

// `arguments` without the program's name. error_kind::usage for what stands on the command line or
// in the environment, error_kind::configuration for what stands in a file.
result<settings> read_settings(std::vector<std::string> const& arguments, environment const& env);

} // namespace acme_dns01::cli
