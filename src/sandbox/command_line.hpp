#pragma once

#include "base/error.hpp"
#include "sandbox/options.hpp"

#include <string>
#include <utility>
#include <vector>

namespace acme_dns01::sandbox {

struct command_line {
    bool help = false;
    bool version = false;
    options settings;
    std::vector<std::pair<std::string, behaviour>> behaviours; // by address
    std::vector<std::string> command;                          // empty: serve only
};

// The arguments do not include the program's name. Fails with error_kind::usage.
result<command_line> parse_command_line(std::vector<std::string> const& arguments);

std::string help_text();

// Parses "silent", "servfail", ... Fails with error_kind::usage.
result<behaviour> parse_behaviour(std::string_view text);

} // namespace acme_dns01::sandbox
