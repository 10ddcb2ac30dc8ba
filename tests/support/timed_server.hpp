#pragma once

#include "base/clock.hpp"
#include "support/scripted_name_server.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <vector>

namespace acme_dns01::test {

// What the server at `to` says, so much later. UDP alone.
script relayed(dns::endpoint to, std::chrono::milliseconds later);

// Notes which questions come when.
class arrivals {
public:
    void note(dns::question const& asked);
    std::size_t count() const;
    // The most questions that had come and were not answered yet, where each answer takes so long.
    // One that is asked again meanwhile, as on a slow machine, is the same.
    std::size_t most_at_once(std::chrono::milliseconds answer_takes) const;

private:
    struct arrival {
        clock::time_point at;
        dns::question asked;
    };
    mutable std::mutex mutex_;
    std::vector<arrival> all_;
};

} // namespace acme_dns01::test
