#pragma once

#include "base/async_result.hpp"
#include "cli/session.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

using arguments = std::vector<std::string>;
using outcome = async_result<void>;

// One command as users see it. Checks its arguments before it touches anything, prints its result
// through the session's output, and returns what went wrong.
struct command {
    std::string_view name;     // "present", "hook certbot-auth"
    std::string_view synopsis; // its arguments
    std::string_view text;     // what it does
    outcome (*run)(session& s, arguments given);
    std::string_view own_options{}; // what it takes of command_options(), "type name"
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

// Refuses an option that stands on the command line and that the command does not take.
result<void> check_own_options(std::map<std::string, std::string> const& own, command const& c);

// Tells hooks and commands below `run` whose they are: its process.
inline constexpr std::string_view run_variable = "ACME_DNS01_RUN";

error usage_of(std::string_view name);
result<void> expect_no_arguments(std::string_view name, arguments const& given);

} // namespace acme_dns01::cli
