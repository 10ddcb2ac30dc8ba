#pragma once

#include "base/async_result.hpp"
#include "cli/commands/invocation.hpp"

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
    outcome (*run)(invocation& call, arguments given);
    std::string_view own_options{}; // what it takes of command_options(), "type name"
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

// Refuses an option that stands on the command line and that the command does not take.
result<void> check_own_options(std::map<std::string, std::string> const& own, command const& c);

error usage_of(std::string_view name);
result<void> expect_no_arguments(std::string_view name, arguments const& given);

} // namespace acme_dns01::cli
