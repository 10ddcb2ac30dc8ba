#pragma once

#include <map>
#include <string>
#include <string_view>

namespace acme_dns01::certificate {

using variables = std::map<std::string, std::string, std::less<>>;

// Adds the assignments of a shell script, as far as they can be understood without a shell: quotes,
// backslashes, ${name} of variables in `known`. A variable whose value needs a shell, such as
// $(hostname), is removed. Everything but assignments at the beginning of a line is skipped.
void read_assignments(std::string_view script, variables& known);

// Empty if it is not set.
std::string value_of(variables const& known, std::string_view name);

} // namespace acme_dns01::certificate
