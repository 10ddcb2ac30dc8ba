#pragma once

#include "support/command.hpp"

#include <map>
#include <string>
#include <vector>

namespace acme_dns01::test {

struct outcome_and_memory : test::outcome {
    long memory = 0; // KiB, at its peak
};

// Runs the program to its end, for a minute at most.
outcome_and_memory run_measuring_memory(
    std::map<std::string, std::string> const& environment, std::vector<std::string> const& arguments
);

} // namespace acme_dns01::test
