#pragma once

#include "base/clock.hpp"
#include "digitalocean/record.hpp"
#include "sandbox/fault.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace acme_dns01::sandbox {

// How a name server misbehaves.
enum class behaviour {
    normal,
    silent,     // answers nothing
    servfail,   // answers SERVFAIL
    refused,    // answers REFUSED
    lame,       // answers without authority, empty
    truncating, // over UDP, answers truncated whatever the size
};

// One of the zones' authoritative name servers: it shows every zone as it was `delay` ago.
struct name_server {
    std::string host;                   // "ns1.digitalocean.com"
    std::vector<std::string> addresses; // IPv4, within 127.0.0.0/8, otherwise unused
    seconds delay{0};
};

// DigitalOcean's three, at 127.53.0.1, 127.53.0.2 and 127.53.0.3, which lag 0.2, 0.5 and 1 s.
std::vector<name_server> default_name_servers();

// How many requests a token may make. 0: no limit.
struct request_limits {
    std::size_t per_hour = 5000;
    std::size_t per_minute = 250;
};

struct given_record {
    std::string zone;
    digitalocean::record record; // without an id
};

struct options {
    std::vector<std::string> domains{"example.com"};
    // Visible on every name server from the start.
    std::vector<given_record> records{};
    std::vector<name_server> name_servers = default_name_servers();
    std::string resolver_address = "127.0.0.1";
    // The token's scopes ("domain:read", "domain:create", ...); empty: all.
    std::set<std::string> scopes{};
    request_limits limits{};
    std::vector<fault> faults{};
    // A line for each API call is appended to this file; empty: no log.
    std::string access_log{};
};

} // namespace acme_dns01::sandbox
