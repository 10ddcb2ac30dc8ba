#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01 {

// What it takes to start another program.

using environment_variables = std::map<std::string, std::string>;

// The file that is meant by a program's name: looked up in `path` unless it has a '/'. The name
// itself where nothing is found, so that starting it tells why it cannot be.
std::string program_file(std::string const& called, std::string_view path);

// "NAME=value" for each.
std::vector<std::string> entries_of(environment_variables const& environment);

// As execve wants it: pointers into the texts, and a null.
std::vector<char*> pointers_to(std::vector<std::string>& texts);

// What waitpid tells, as shells say it: the exit status, or 128 + the number of the signal.
int status_from(int waited);

} // namespace acme_dns01
