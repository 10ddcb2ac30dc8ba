#pragma once

#include <boost/program_options/options_description.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

enum class takes { nothing, perhaps_one, one, several };

// One option as every reader of it sees it: the parser, the configuration file, the help.
// `variable` is the environment variable of the same meaning, if there is one; `otherwise` is what
// an option means that was given without its argument.
struct option {
    std::string_view name;
    takes argument = takes::nothing;
    std::string_view placeholder{};
    std::string_view text{};
    std::string_view variable{};
    std::string_view otherwise{};
};

// Taken by every command.
std::span<option const> common_options();
// Those of them that are settings, which may stand in the configuration file: not what names that
// file, nor what is answered in the place of a command.
std::vector<option> file_options();
// Taken by the commands that their texts name.
std::span<option const> command_options();

boost::program_options::options_description
describe(std::string_view title, std::span<option const> options);

} // namespace acme_dns01::cli
