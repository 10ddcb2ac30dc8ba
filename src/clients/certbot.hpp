#pragma once

#include "base/environment.hpp"
#include "base/error.hpp"
#include "clients/hook_request.hpp"

#include <cstdint>
#include <string>

namespace acme_dns01::clients {

// certbot's manual hooks: everything comes in CERTBOT_* variables. Which of the two hooks this is
// has to come from the command line: certbot never takes CERTBOT_AUTH_OUTPUT out of its
// environment, so that a later lineage's auth hook sees an earlier one's.

// The auth hook creates; for a challenge that is not dns-01 the request has no challenge, but it
// may be the last. error_kind::usage where certbot's variables are missing or make no sense.
result<hook_request> certbot_auth_request(environment const& env);

// The cleanup hook removes what the auth hook's line in CERTBOT_AUTH_OUTPUT names, if that line is
// about this very challenge; else by name and value.
result<hook_request> certbot_cleanup_request(environment const& env);

// The auth hook's one line for CERTBOT_AUTH_OUTPUT. By the value the cleanup hook recognises the
// line of its own challenge.
std::string certbot_auth_output(
    std::string const& zone, std::int64_t id, std::string const& fqdn, std::string const& value
);

// The same for a record that the last hook of the order will create.
std::string certbot_planned_output(std::string const& fqdn, std::string const& value);

} // namespace acme_dns01::clients
