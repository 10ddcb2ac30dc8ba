#pragma once

#include "sandbox/local_digitalocean.hpp"
#include "support/command.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace acme_dns01::test {

// Runs the command for h1.example.com to h<count>.example.com, each in a process of its own, eight
// at a time, each name with a value of its own. Fails if one of them fails.
test::outcome run_for_every_name(
    sandbox::local_digitalocean const& s, std::size_t count, std::vector<std::string> const& command
);

std::size_t calls_with(sandbox::local_digitalocean const& s, unsigned status);

} // namespace acme_dns01::test
