#pragma once

#include "base/environment.hpp"
#include "clients/hook_request.hpp"

#include <span>
#include <string>

namespace acme_dns01::clients {

// The calling conventions of the clients that pass everything to their hook as arguments.

// dehydrated: `<operation> <arguments>...`. deploy_challenge and clean_challenge have three
// arguments for each challenge, the domain, the token's file and the value: one challenge a call,
// or with HOOK_CHAIN=yes all of them in one. Of the other operations, which differ between
// versions, only exit_hook is ours: after an error dehydrated does not clean its challenges. All
// others must succeed silently (generate_csr's output would be taken for a request).
//
// error_kind::usage where there is no operation, or arguments of it are missing.
result<hook_request>
dehydrated_request(std::span<std::string const> arguments, environment const& env);

// lego's provider `exec`: `present|cleanup <record's name> <value>`, where the name is the end of
// any aliases that lego has followed. With EXEC_MODE=RAW:
// `present|cleanup -- <domain> <token> <key authorization>`. error_kind::usage.
result<hook_request> lego_request(std::span<std::string const> arguments);

// The value that proves a key authorization by DNS (RFC 8555 8.4): the base64url of its SHA-256.
std::string dns_value_of(std::string const& key_authorization);

// uacme: `begin|done|failed <type> <identifier> <token> <authorization>`. It asks for every type
// that the CA offers, in turn, until the hook accepts one: those that are not dns-01 are declined,
// and a declined type never comes again. error_kind::usage.
result<hook_request> uacme_request(std::span<std::string const> arguments);

// getssl's DNS_ADD_COMMAND and DNS_DEL_COMMAND: the domain, in lower case and without "*.".
hook_request getssl_request(hook_action action, std::string domain, std::string value);

// dns_<name>_add and dns_<name>_rm of acme.sh, and of Proxmox, which runs acme.sh's: the record's
// name, which is not below the domain to prove where the user has given acme.sh an alias.
hook_request acmesh_request(hook_action action, std::string record_name, std::string value);

} // namespace acme_dns01::clients
