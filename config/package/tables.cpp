// Prints what the program's tables of commands and options hold, a row a line, its fields set apart
// by tabs. The manual and the completions are made from it.
//   command <name> <arguments> <its own options> <does>
//   common|own <option> <placeholder> <environment variable> <text>
#include "cli/commands/commands.hpp"
#include "cli/options/options.hpp"

#include <iostream>

namespace {

using namespace acme_dns01::cli;

void print(char const* kind, std::span<option const> options) {
    for (auto const& o : options) {
        std::cout << kind << '\t' << o.name << '\t' << o.placeholder << '\t' << o.variable << '\t'
                  << o.text << '\n';
    }
}

} // namespace

int main() {
    for (auto const& c : commands()) {
        std::cout << "command\t" << c.name << '\t' << c.synopsis << '\t' << c.own_options << '\t'
                  << c.text << '\n';
    }
    print("common", common_options());
    print("own", command_options());
    return std::cout.flush() ? 0 : 1;
}
