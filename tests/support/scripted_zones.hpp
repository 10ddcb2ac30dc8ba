#pragma once

#include "support/scripted_name_server.hpp"

#include <string>
#include <vector>

namespace acme_dns01::test {

// A zone as small as a test needs it. SOA records are added.
struct scripted_zone {
    std::string name;
    std::vector<std::string> addresses; // of the servers that serve it
    std::vector<std::string> records;   // "<owner> <type> <data>"
};

// The answers of honest servers of these zones: authoritative for their own, one alias at a time,
// with referrals below NS records, and REFUSED for other names. The server at 127.0.0.1 is a
// resolver: it knows every zone, delegated or not.
script serving(std::vector<scripted_zone> zones);

// 127.0.0.1 and every address of the zones, each once.
std::vector<std::string> addresses_for(std::vector<scripted_zone> const& zones);

} // namespace acme_dns01::test
