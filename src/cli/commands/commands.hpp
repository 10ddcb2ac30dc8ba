#pragma once

#include "base/async_result.hpp"
#include "cli/session.hpp"

#include <boost/asio/awaitable.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

using arguments = std::vector<std::string>;
using outcome = async_result<void>;

// One command as users see it. It checks its arguments before it changes anything, prints its
// result through the session's output, and returns any failure.
struct command {
    std::string_view name;     // "present", "hook certbot-auth"
    std::string_view synopsis; // its arguments
    std::string_view text;     // what it does
    outcome (*run)(session& s, arguments given);
    std::string_view own_options{}; // those of command_options() that it takes: "type name"
};

std::span<command const> commands();

outcome present(session& s, arguments given);
outcome wait(session& s, arguments given);
outcome cleanup(session& s, arguments given);
outcome status(session& s, arguments given);
outcome sweep(session& s, arguments given);
outcome run_client(session& s, arguments given);
outcome hook_certbot_auth(session& s, arguments given);
outcome hook_certbot_cleanup(session& s, arguments given);
outcome hook_dehydrated(session& s, arguments given);
outcome hook_lego(session& s, arguments given);
outcome hook_uacme(session& s, arguments given);
outcome hook_acmesh_add(session& s, arguments given);
outcome hook_acmesh_rm(session& s, arguments given);
outcome hook_getssl_add(session& s, arguments given);
outcome hook_getssl_del(session& s, arguments given);
outcome caa_check(session& s, arguments given);
outcome caa_show(session& s, arguments given);
outcome caa_allow(session& s, arguments given);
outcome domain_list(session& s, arguments given);
outcome domain_show(session& s, arguments given);
outcome domain_create(session& s, arguments given);
outcome domain_delete(session& s, arguments given);
outcome record_list(session& s, arguments given);
outcome record_show(session& s, arguments given);
outcome record_create(session& s, arguments given);
outcome record_update(session& s, arguments given);
outcome record_patch(session& s, arguments given);
outcome record_delete(session& s, arguments given);

// error_kind::usage if one of these command_options() is not an option of the command.
result<void> check_options(std::vector<std::string> const& given, command const& c);

// Names the process of `run` to the hooks and commands that it starts.
inline constexpr std::string_view run_variable = "ACME_DNS01_RUN";

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

} // namespace acme_dns01::cli
