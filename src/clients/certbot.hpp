#pragma once

#include "base/environment.hpp"
#include "base/error.hpp"
#include "clients/hook_request.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

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

// The links of a lineage: to its certificate, key, chain, and certificate with chain.
inline constexpr std::array<std::string_view, 4> certbot_links{
    "cert", "privkey", "chain", "fullchain"};

// A file of certbot's renewal folder. It does not list the domains: they are in the certificate.
struct certbot_renewal {
    std::array<std::string, certbot_links.size()> links;
    // Whether manual hooks prove its domains by DNS. Nothing is known of any other lineage.
    bool is_by_dns_hooks = false;
};

// error_kind::configuration, with the reason, where `certbot renew` skips the lineage because of
// its file. A file that is for other authenticators is not looked at any further.
result<certbot_renewal> certbot_renewal_in(std::string_view file);

} // namespace acme_dns01::clients
