#pragma once

#include "base/error.hpp"

#include <boost/program_options/options_description.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

// One option, as the parsers of the command line and the configuration file, the environment and
// the help all see it.
struct option {
    std::string_view name;
    std::string_view placeholder; // of its argument; empty for a flag
    std::string_view text;
    std::string_view variable{}; // the environment variable that sets it, if there is one

    bool is_flag() const { return placeholder.empty(); }
    bool is_repeatable() const { return placeholder.ends_with("..."); }
};

// Taken by every command.
std::span<option const> common_options();
// Each taken by some commands: command::own_options.
std::span<option const> command_options();

// nullptr where there is no such option.
option const* find_option(std::string_view name);

// The candidate that was probably meant: it differs in a letter or two, begins with the word, or
// has it as one of its words. Empty if there is none.
std::string_view nearest(std::string_view word, std::span<std::string_view const> candidates);

inline constexpr auto see_help =
    "`acme-dns01 help` lists the commands, `acme-dns01 help options` the options";

// error_kind::usage.
error usage_error(std::string message, std::string hint = see_help);

boost::program_options::options_description
describe(std::string_view title, std::span<option const> options);

} // namespace acme_dns01::cli
