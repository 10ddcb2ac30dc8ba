#pragma once

#include "base/environment.hpp"
#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace acme_dns01::clients {

enum class hook_action {
    nothing, // not ours: ignored silently
    present, // create the records and wait for them
    cleanup, // remove them
    finish,  // the run is over: remove whatever it has left
    decline, // a challenge that is not dns-01: the client is to try another one
};

// A value and the name it belongs to, as the client gives them.
struct hook_challenge {
    std::string name;
    std::string value;
    // The name of the TXT record itself, to be taken as it is, instead of the domain to prove.
    bool is_record_name = false;
    friend bool operator==(hook_challenge const&, hook_challenge const&) = default;
};

// A record as the hook has named it to its client.
struct known_record {
    std::string zone;
    std::int64_t id = 0;
    friend bool operator==(known_record const&, known_record const&) = default;
};

// One call of a client's hook.
struct hook_request {
    hook_action action = hook_action::nothing;
    // May be empty: a call about a challenge of another type can still be the last of its order.
    std::vector<hook_challenge> challenges{};
    std::int64_t remaining = 0; // challenges of any type yet to come in this order, where known
    bool is_counted = false;    // `remaining` is known
    std::string order{};        // differs from one order to the next, where known
    // The client sets this variable for each of its hooks, and was not started with it itself.
    std::string hook_variable{};
    std::optional<known_record> record{}; // the one to remove, where the client knows it
};

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
// name, which is not below the domain to prove where the user has given acme.sh an alias. acme.sh
// does not count its calls, but its plugin can: it sets ACMEDNS01_REMAINING and ACMEDNS01_ORDER if
// it is certain how many calls follow.
hook_request acmesh_request(
    hook_action action, std::string record_name, std::string value, environment const& env
);

} // namespace acme_dns01::clients
