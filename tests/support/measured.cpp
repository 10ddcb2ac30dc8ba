#include "support/measured.hpp"

#include "support/tested.hpp"

namespace acme_dns01::test {

measured run_measured(
    std::map<std::string, std::string> const& environment, std::vector<std::string> const& arguments
) {
    test::command command;
    command.arguments = {"time", "-q", "-f", "%M", tested::program()};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = environment;
    command.capture = true;
    command.time_limit = seconds(60);
    measured m{test::run(command).value()};
    m.memory = std::stol(m.err);
    return m;
}

} // namespace acme_dns01::test
