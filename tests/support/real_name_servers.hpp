#pragma once

#include "dns/exchange.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/logged_server.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace acme_dns01::test {

// By zone, the lines of its zone file without $ORIGIN, $TTL and the SOA record, which are added. A
// text that begins with $ORIGIN is complete.
using zone_files = std::map<std::string, std::string>;

enum class name_server_program { knot, nsd };

// A real name server, authoritative for these zones, on a loopback address. It is ready when the
// constructor returns.
class real_name_server {
public:
    real_name_server(
        name_server_program which, std::string address, std::uint16_t port, zone_files const& zones
    );

    dns::endpoint endpoint() const;

    // Serves these zones from now on, after a moment.
    void publish(zone_files const& zones);

private:
    unsigned serial_ = 1;
    sandbox::temporary_folder folder_;
    std::string address_;
    std::uint16_t port_;
    logged_server server_;
};

} // namespace acme_dns01::test
