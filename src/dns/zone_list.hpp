#pragma once

#include "dns/name.hpp"

#include <chrono>
#include <vector>

namespace acme_dns01::dns {

// The zones of an account, as they were at some moment.
struct zone_list {
    std::vector<name> zones;
    bool is_complete = true; // false: the account has too many to list, and `zones` is empty
    std::chrono::system_clock::time_point since{};
};

} // namespace acme_dns01::dns
