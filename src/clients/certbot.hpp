#pragma once

#include "base/environment.hpp"
#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace acme_dns01::clients {

// certbot's manual hooks: everything comes in CERTBOT_* variables. Which of the two hooks this is
// has to come from the command line: certbot never takes CERTBOT_AUTH_OUTPUT out of its
// environment, so that a later lineage's auth hook sees an earlier one's.

struct certbot_challenge {
    std::string domain; // without "*."
    std::string value;
};

struct certbot_auth {
    // Nothing for a challenge that is not dns-01: there is nothing to create, but it may be the
    // last.
    std::optional<certbot_challenge> create;
    std::int64_t remaining = 0; // challenges of any type yet to come in this order
    std::string order;          // all names of the order, as certbot lists them
};

struct certbot_cleanup {
    std::optional<certbot_challenge> remove; // nothing for a challenge that is not dns-01
    // What the auth hook printed for this very challenge, where it did.
    std::optional<std::string> record; // "<zone>/<id>"
};

// error_kind::usage where certbot's variables are missing or make no sense.
result<certbot_auth> certbot_auth_request(environment const& env);
result<certbot_cleanup> certbot_cleanup_request(environment const& env);

// The auth hook's one line for CERTBOT_AUTH_OUTPUT. The value tells the cleanup hook that the line
// is about its own challenge.
std::string certbot_auth_output(
    std::string const& zone, std::int64_t id, std::string const& fqdn, std::string const& value
);

} // namespace acme_dns01::clients
