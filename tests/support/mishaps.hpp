#pragma once

#include "sandbox/local_digitalocean.hpp"

#include <functional>
#include <string>
#include <vector>

namespace acme_dns01::test {

// Something that goes wrong at the API or at a name server.
struct mishap {
    std::string name;
    std::function<void(sandbox::local_digitalocean&)> happen;
};

// Those that a challenge and a standing record have to survive.
std::vector<mishap> all_mishaps();

} // namespace acme_dns01::test
