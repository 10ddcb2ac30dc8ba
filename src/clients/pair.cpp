#include "clients/pair.hpp"

#include <utility>

namespace acme_dns01::clients {

hook_request getssl_request(hook_action action, std::string domain, std::string value) {
    return {action, {{std::move(domain), std::move(value)}}};
}

hook_request acmesh_request(hook_action action, std::string record_name, std::string value) {
    return {action, {{std::move(record_name), std::move(value), true}}};
}

} // namespace acme_dns01::clients
