#pragma once

#include "cli/commands/commands.hpp"
#include "persist/check.hpp"

#include <vector>

namespace acme_dns01::cli {

// What the commands about standing records are asked: one question for each domain, duplicates
// dropped, with the CA and the account that the options name. For --directory, reads it.
// error_kind::usage for a bad domain and for a hashed form that lacks its thumbprint or prefix;
// error_kind::configuration for a client's file that cannot be used.
async_result<std::vector<persist::question>> persist_questions(invocation& call, arguments domains);

// The same where there has to be a domain, a CA and an account: error_kind::usage.
async_result<std::vector<persist::question>>
full_persist_questions(invocation& call, arguments domains);

} // namespace acme_dns01::cli
