#pragma once

#include "dns/exchange.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/logged_server.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace acme_dns01::test {

// The servers that a resolver asks for a zone and all below it: "." is the root.
struct served_by {
    std::string zone;
    dns::endpoint server;
};

// Unbound on loopback, which asks no other servers. It passes signatures on without checking them.
// It waits for a silent server a few seconds.
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
