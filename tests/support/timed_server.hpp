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

// Notes when questions come.
class arrivals {
public:
    void note();
    std::size_t count() const;
    // The most that had come and were not answered yet, where each answer takes so long.
    std::size_t most_at_once(std::chrono::milliseconds answer_takes) const;

private:
    mutable std::mutex mutex_;
    std::vector<clock::time_point> times_;
};

} // namespace acme_dns01::test
