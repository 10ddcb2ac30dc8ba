#pragma once

#include "clients/hook_request.hpp"

#include <string>

namespace acme_dns01::clients {

// Clients that have a command for each of the two tasks, and give it a name and a value.

// getssl's DNS_ADD_COMMAND and DNS_DEL_COMMAND: the domain, in lower case and without "*.".
hook_request getssl_request(hook_action action, std::string domain, std::string value);

// dns_<name>_add and dns_<name>_rm of acme.sh, and of Proxmox, which runs acme.sh's: the record's
// name, which is not below the domain to prove where the user has given acme.sh an alias.
hook_request acmesh_request(hook_action action, std::string record_name, std::string value);

} // namespace acme_dns01::clients
