#pragma once

#include "support/user.hpp"

#include <string>
#include <utility>

namespace acme_dns01::test {

// example.com with an address for www, and the output of commands for it.

inline std::string const first_id = "28448432"; // of the record after the NS records
inline std::string const title = "NAME  TYPE   TTL        ID  DATA\n";

inline digitalocean::record address(std::string name, std::string data) {
    digitalocean::record r;
    r.type = "A";
    r.name = std::move(name);
    r.data = std::move(data);
    r.ttl = 1800;
    return r;
}

inline sandbox::options with_www() {
    auto options = quick();
    options.records = {{"example.com", address("www", "192.0.2.1")}};
    options.limits = {0, 0};
    return options;
}

inline std::string
object_of(std::string const& id, std::string const& data, std::string const& ttl) {
    return "{\"id\":" + id + ",\"type\":\"A\",\"name\":\"www\",\"data\":\"" + data +
           "\",\"priority\":null,\"port\":null,\"ttl\":" + ttl +
           ",\"weight\":null,\"flags\":null,\"tag\":null}";
}

} // namespace acme_dns01::test
