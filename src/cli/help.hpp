#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::cli {

// What help is asked for.
struct help_request {
    std::vector<std::string> words; // a command, a group of commands, "options", or nothing
    bool is_command = false;        // asked by `help <words>`, not by --help
};

// Nothing if the command line asks for no help. --help and -h ask for it wherever they stand before
// "--", whatever else is wrong on the line; in the call of a hook whose client adds arguments of
// its own only where they stand alone.
std::optional<help_request> help_asked_for(std::vector<std::string> const& line);

// The page that the words name, in lines of at most `width` columns: for no word all commands in at
// most 60 lines, for a command its usage, an example and its own options in at most 24. Nothing if
// there is no such page.
std::optional<std::string> help_page(std::vector<std::string> const& words, std::size_t width);

// $COLUMNS, at least 40 and at most 80; 80 if it is not a number.
std::size_t help_width(std::optional<std::string> const& columns);

} // namespace acme_dns01::cli
