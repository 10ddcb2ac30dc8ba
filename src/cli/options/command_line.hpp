#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace acme_dns01::cli {

// The command line, without the program's name, in the one form that a parser of options reads as
// it is meant: with "--" where options end, as they do at the name of a client's hook, and with the
// argument attached to an option that may do without.
std::vector<std::string> unambiguous(std::vector<std::string> arguments);

// How many words stand behind the first "--".
std::size_t words_behind_options(std::vector<std::string> const& arguments);

} // namespace acme_dns01::cli
