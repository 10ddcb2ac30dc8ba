#pragma once

#include "support/command.hpp"

#include <cstddef>
#include <string>

namespace acme_dns01::test {

// Checks the whole outcome of a command: its status, stdout and stderr.
void check_outcome(
    test::outcome const& got, int status, std::string const& out, std::string const& err
);

// The same without " (request <id>)" on stderr: the id differs each time.
test::outcome without_request(test::outcome got);

std::size_t lines_in(std::string const& text);

} // namespace acme_dns01::test
