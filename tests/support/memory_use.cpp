#include "support/memory_use.hpp"

#include "support/tested.hpp"

namespace acme_dns01::test {

outcome_and_memory run_measuring_memory(
    std::map<std::string, std::string> const& environment, std::vector<std::string> const& arguments
) {
    test::command command;
    command.arguments = {"time", "-q", "-f", "%M", tested::program()};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = environment;
    command.capture = true;
    command.time_limit = seconds(60);
    outcome_and_memory m{test::run(command).value()};
    // Its line is the last one.
    auto const line = m.err.rfind('\n', m.err.size() - 2) + 1;
    m.memory = std::stol(m.err.substr(line));
    m.err.resize(line);
    return m;
}

} // namespace acme_dns01::test
