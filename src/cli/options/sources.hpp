#pragma once

#include "base/environment.hpp"
#include "base/error.hpp"
#include "digitalocean/accounts.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

// The three places where options are given, each read on its own. Only names are checked here:
// settings.hpp gives the texts their types.

// Options by name, each with its texts in the order given. The text of a flag is empty on the
// command line.
using option_texts = std::map<std::string, std::vector<std::string>, std::less<>>;

struct command_line {
    option_texts options;
    std::vector<std::string> words; // the command and its arguments
    std::size_t words_behind = 0;   // how many of the words stand behind the first "--"
};

// `arguments` without the program's name. error_kind::usage for an unknown option, one without its
// argument, a flag with an argument, and an option given twice that cannot be repeated.
result<command_line> read_command_line(std::vector<std::string> arguments);

// Inserts "--" behind the name of a hook whose client appends arguments of its own, since these may
// look like options.
void end_options_at_hook(std::vector<std::string>& arguments);

option_texts read_environment(environment const& env);

struct configuration {
    option_texts options;
    std::vector<digitalocean::configured_account> accounts; // the [account <name>] sections
};

// error_kind::configuration where the file cannot be read, is larger than 1 MiB, may be written by
// others, or has a line or a setting that is not understood.
result<configuration> read_configuration(std::string const& file);

// The same failure as one of the file: error_kind::configuration.
error in_file(std::string const& file, error cause);

// Whether the default configuration file exists. A directory that this user may not enter can hide
// it. That is no failure, since a hook may run as `nobody` with settings from elsewhere,
// but limits set in the file do not apply then. That is an error_kind::configuration.
result<bool> configuration_exists(std::string const& file);

} // namespace acme_dns01::cli
