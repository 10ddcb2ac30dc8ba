#pragma once

#include "dns/exchange.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/logged_server.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace acme_dns01::test {

// Whom a resolver asks for a zone and all below it: "." is the root.
struct served_by {
    std::string zone;
    dns::endpoint server;
};

// A real Unbound on loopback that takes nothing from anywhere else. It passes signatures on and
// leaves it to others what to think of them. It gives a silent server a few seconds.
class recursive_resolver {
public:
    explicit recursive_resolver(std::vector<served_by> const& zones);

    dns::endpoint endpoint() const;

private:
    sandbox::temporary_folder folder_{"acme-dns01-resolver"};
    std::uint16_t port_ = free_port();
    logged_server server_;
};

} // namespace acme_dns01::test
