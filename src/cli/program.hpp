#pragma once

#include "base/environment.hpp"
#include "cli/output/exit_status.hpp"
#include "cli/output/output.hpp"

#include <string>
#include <vector>

namespace acme_dns01::cli {

// The whole program: reads the settings, runs the command, prints what came of it. `line` is the
// command line without the program's name. Throws for bugs only.
exit_status run(std::vector<std::string> const& line, environment const& env, output& out);

// What --help prints.
std::string help_text();

} // namespace acme_dns01::cli
