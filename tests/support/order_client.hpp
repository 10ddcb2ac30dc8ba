#pragma once

#include "sandbox/local_digitalocean.hpp"
#include "support/command.hpp"

#include <string>
#include <vector>

namespace acme_dns01::test {

struct order_name {
    std::string domain;
    std::string value;
};

// So many names with values of their own: host0.example.com, host1.example.com, ...
std::vector<order_name> names_of_order(std::size_t count, char letter = 'A');

// A client that calls our certbot hooks for one order as certbot does: one auth hook after the
// other, then the cleanup hooks, all below one process. It is killed by SIGKILL before the call
// number `calls`, if that is not negative. Its status is that of the first hook that fails.
command
order_client(sandbox::local_digitalocean const& s, std::vector<order_name> const& names, int calls);

} // namespace acme_dns01::test
