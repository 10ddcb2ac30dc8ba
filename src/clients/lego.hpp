#pragma once

#include "base/error.hpp"
#include "clients/hook_request.hpp"

#include <span>
#include <string>

namespace acme_dns01::clients {

// lego's provider `exec`: `present|cleanup <record's name> <value>`, where the name is the end of
// any aliases that lego has followed. With EXEC_MODE=RAW:
// `present|cleanup -- <domain> <token> <key authorization>`. error_kind::usage.
result<hook_request> lego_request(std::span<std::string const> arguments);

// The value that proves a key authorization by DNS (RFC 8555 8.4): the base64url of its SHA-256.
std::string dns_value_of(std::string const& key_authorization);

} // namespace acme_dns01::clients
