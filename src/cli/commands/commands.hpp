#pragma once

#include "base/async_result.hpp"
#include "caa/decision.hpp"
#include "challenge/wait/loop.hpp"
#include "cli/commands/invocation.hpp"

#include <boost/asio/awaitable.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

using arguments = std::vector<std::string>;
using outcome = async_result<void>;

// One command as users see it. It checks its arguments before it changes anything, prints its
// result through the call's output, and returns any failure.
struct command {
    std::string_view name;     // "present", "hook certbot-auth"
    std::string_view synopsis; // its arguments
    std::string_view text;     // what it does
    outcome (*run)(invocation& call, arguments given);
    std::string_view own_options{}; // those of command_options() that it takes: "type name"
};

std::span<command const> commands();

outcome present(invocation& call, arguments given);
outcome wait(invocation& call, arguments given);
outcome cleanup(invocation& call, arguments given);
outcome status(invocation& call, arguments given);
outcome sweep(invocation& call, arguments given);
outcome run_client(invocation& call, arguments given);
outcome hook_certbot_auth(invocation& call, arguments given);
outcome hook_certbot_cleanup(invocation& call, arguments given);
outcome hook_dehydrated(invocation& call, arguments given);
outcome hook_lego(invocation& call, arguments given);
outcome hook_uacme(invocation& call, arguments given);
outcome hook_acmesh_add(invocation& call, arguments given);
outcome hook_acmesh_rm(invocation& call, arguments given);
outcome hook_getssl_add(invocation& call, arguments given);
outcome hook_getssl_del(invocation& call, arguments given);
outcome caa_check(invocation& call, arguments given);
outcome caa_show(invocation& call, arguments given);
outcome caa_allow(invocation& call, arguments given);
outcome domain_list(invocation& call, arguments given);
outcome domain_show(invocation& call, arguments given);
outcome domain_create(invocation& call, arguments given);
outcome domain_delete(invocation& call, arguments given);
outcome record_list(invocation& call, arguments given);
outcome record_show(invocation& call, arguments given);
outcome record_create(invocation& call, arguments given);
outcome record_update(invocation& call, arguments given);
outcome record_patch(invocation& call, arguments given);
outcome record_delete(invocation& call, arguments given);

// error_kind::usage if one of these command_options() is not an option of the command.
result<void> check_options(std::vector<std::string> const& given, command const& c);

error usage_of(std::string_view name);
result<void> expect_no_arguments(std::string_view name, arguments const& given);

// The same failure, with this hint if a zone or record does not exist and there is no hint yet.
error with_hint(error cause, std::string const& hint);
inline constexpr auto see_zones = "run `acme-dns01 domain list` to see the account's zones";

// The zone of a domain given as an argument: at least two labels, no wildcard. error_kind::usage.
result<dns::name> zone_named(std::string const& text);

// Which records of the zone --name and --type select. error_kind::usage.
result<digitalocean::record_filter>
filter_of(digitalocean::record_fields const& given, dns::name const& zone);

// The wait as every command does it. On a terminal a line per address is redrawn in place; without
// one, --verbose notes each change of an address's state as it happens. An address that was not
// waited for is worth a warning. Nothing is asked where there is no target.
async_result<challenge::propagation_report> wait_for(invocation& call, challenge::targets wanted);

// The CA, account and method that the options ask about.
struct caa_subject {
    caa::issuer by;
    std::string account_uri;
    std::string method;
};

// For --directory, reads the meta.caaIdentities of that directory. error_kind::usage where no CA is
// named.
async_result<caa_subject> caa_subject_of(invocation& call);

// One request for each domain; duplicates are dropped. error_kind::usage.
result<std::vector<caa::request>>
requests_for(caa_subject const& subject, std::vector<std::string> const& domains);

} // namespace acme_dns01::cli
