#pragma once

#include "base/error.hpp"

#include <boost/program_options/options_description.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

enum class takes { nothing, one, several };

// One option, as the parsers of the command line and the configuration file, the environment and
// the help all see it. `variable` is the environment variable that sets it, if there is one.
struct option {
    std::string_view name;
    takes argument = takes::nothing;
    std::string_view placeholder{};
    std::string_view text{};
    std::string_view variable{};
};

// Taken by every command.
std::span<option const> common_options();
// Those of them that may stand in the configuration file: all but --config, --help and --version.
std::vector<option> file_options();
// Each taken by some commands, which its text names: command::own_options.
std::span<option const> command_options();

// nullptr where there is no such option.
option const* find_option(std::string_view name);

// error_kind::usage, with the hint where to find the right commands and options.
error usage_error(std::string message);

boost::program_options::options_description
describe(std::string_view title, std::span<option const> options);

} // namespace acme_dns01::cli
