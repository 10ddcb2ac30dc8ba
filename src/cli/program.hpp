#pragma once

#include "base/environment.hpp"
#include "cli/output/output.hpp"

#include <string>
#include <vector>

namespace acme_dns01::cli {

// The whole program: reads the settings, runs the command, prints its result or its failure. `line`
// is the command line without the program's name. Throws only for bugs.
exit_status run(std::vector<std::string> const& line, environment const& env, output& out);

} // namespace acme_dns01::cli
