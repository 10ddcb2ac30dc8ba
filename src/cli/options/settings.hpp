#pragma once

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "caa/issuer.hpp"
#include "challenge/allow_list.hpp"
#include "challenge/wait/schedule.hpp"
#include "cli/output/output.hpp"
#include "digitalocean/operation.hpp"
#include "net/https_client.hpp"
#include "persist/account.hpp"
#include "services/accounts.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::cli {

// Who is to issue, for the commands that ask about CAA.
struct caa_options {
    std::optional<caa::issuer> issuer;      // --issuer, else caa-issuer; what hooks ask about
    std::optional<net::base_url> directory; // beats caa-issuer; never given with --issuer
    std::optional<std::string> account_uri;
    std::optional<std::string> method;
    bool wildcard_only = false;
    std::optional<std::chrono::system_clock::time_point> at; // decided by the rules in force then
};

// What a standing record says, for `persist`.
struct persist_options {
    std::string account_file; // empty: none
    bool wildcard = false;
    std::optional<std::int64_t> until; // seconds since 1970
    std::optional<persist::form> form; // nothing: the directory decides
    std::string thumbprint;            // empty: from the account's file
    std::string hash_prefix;           // empty: from the directory
    bool reusable = false;
};

// The hint for a directory that cannot be used.
inline constexpr auto directory_hint =
    "a directory looks like https://acme-v02.api.letsencrypt.org/directory; use --issuer to name a "
    "CA without asking it";

// Which part of a list.
struct list_options {
    bool all = false;
    digitalocean::page_request page{}; // if not all
};

struct run_options {
    std::vector<std::string> domains;
    bool certbot = false; // --certbot or --certbot-dir
    std::string certbot_dir = "/etc/letsencrypt";
};

struct cert_options {
    std::optional<double> renew_within; // days
    bool check = false;
    bool ari = false;
    std::string metrics; // a file; empty: none; of `check`, too
};

// Everything given on the command line, in the environment and in the configuration file, which
// take precedence in this order; checked once.
struct settings {
    std::vector<std::string> words;           // the command and its arguments
    std::size_t words_behind = 0;             // how many of them stand behind "--"
    std::vector<std::string> command_options; // the names of those given, without common ones
    output_options output;
    bool version = false;
    // Those that another call needs to find the same journal and account, " --state-dir /srv/acme".
    std::string same_place;
    std::string warning; // about a configuration file that cannot be reached; may be empty

    services::account_settings accounts;
    services::resolver_settings resolvers;
    challenge::allow_list allow;
    challenge::patience patience;
    std::string state_dir; // empty: none
    std::int64_t ttl = 30; // seconds

    std::vector<std::string> ids; // --id
    bool no_wait = false;
    bool write_test = false;
    std::optional<seconds> older_than;
    bool dry_run = false;
    bool yes = false;
    caa_options caa;
    persist_options persist;
    run_options run;
    cert_options cert;
    list_options list;
    digitalocean::record_fields record; // as written; --ttl if it is on the command line
    std::string ip_address;             // empty: none
};

// --json, --quiet and --verbose, read as far as possible even where the rest of the line is wrong,
// so that a usage error is reported in the form that was asked for.
output_options output_options_in(std::vector<std::string> arguments);

// `arguments` without the program's name. error_kind::usage for the command line and the
// environment, error_kind::configuration for the file. Reads nothing but the command line if that
// asks for the version.
result<settings> read_settings(std::vector<std::string> const& arguments, environment const& env);

} // namespace acme_dns01::cli
