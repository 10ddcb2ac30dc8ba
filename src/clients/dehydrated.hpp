#pragma once

#include "base/environment.hpp"
#include "base/error.hpp"
#include "clients/hook_request.hpp"

#include <span>
#include <string>

namespace acme_dns01::clients {

// dehydrated's hook: `<operation> <arguments>...`. deploy_challenge and clean_challenge have three
// arguments for each challenge, the domain, the token's file and the value: one challenge a call,
// or with HOOK_CHAIN=yes all of them in one. Of the other operations, of which each version has
// more, only exit_hook is ours: after an error dehydrated does not clean its challenges. All others
// have to succeed without a word (generate_csr's output would be taken for a request).
//
// error_kind::usage where there is no operation, or arguments of it are missing.
result<hook_request>
dehydrated_request(std::span<std::string const> arguments, environment const& env);

} // namespace acme_dns01::clients
