#pragma once

#include "base/clock.hpp"
#include "support/scripted_name_server.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <vector>

namespace acme_dns01::test {

// The answers of the server at `to`, delayed. UDP only.
script relayed(dns::endpoint to, std::chrono::milliseconds later);

// The questions that have come, and when.
class arrivals {
public:
    void note(received_query const& q, dns::question const& asked);
    // A question that is repeated, as on a slow machine, counts once.
    std::size_t count() const;
    // The most questions that were open at the same time, if each answer takes this long. Repeated
    // ones count once.
    std::size_t most_at_once(std::chrono::milliseconds answer_takes) const;
    // The most that came within any time of this length, repeated ones as well.
    std::size_t most_within(clock::duration length) const;

private:
    struct arrival {
        clock::time_point at;
        dns::question asked;
        std::uint16_t id; // of the message: a question that is repeated keeps it
    };
    mutable std::mutex mutex_;
    std::vector<arrival> all_;
};

} // namespace acme_dns01::test
