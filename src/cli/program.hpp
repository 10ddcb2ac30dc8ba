#pragma once

#include "base/environment.hpp"
#include "cli/output/output.hpp"
#include "process/confinement.hpp"

#include <string>
#include <vector>

namespace acme_dns01::cli {

// The whole program: reads the settings, runs the command, prints its result or its failure. `line`
// is the command line without the program's name. Throws only for bugs.
// `confine` is called with what the process still needs once the settings are read; without one it
// is not confined.
using confiner = std::error_code (*)(confinement const& needs);
exit_status
run(std::vector<std::string> const& line,
    environment const& env,
    output& out,
    confiner confine = nullptr);

} // namespace acme_dns01::cli
