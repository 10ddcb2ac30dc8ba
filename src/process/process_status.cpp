#include "process/process_status.hpp"

#include <fstream>
#include <sstream>
#include <vector>

namespace acme_dns01 {

// The second field stands in parentheses and may itself hold blanks and parentheses, so that the
// last ')' is where the rest begins.
std::optional<process_status> status_of(long pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    auto const open = line.find('(');
    auto const close = line.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open)
        return std::nullopt;
    std::istringstream rest(line.substr(close + 1));
    std::vector<std::string> fields;
    for (std::string field; rest >> field;)
        fields.push_back(field);
    constexpr std::size_t parent_at = 1;
    constexpr std::size_t session_at = 3;
    constexpr std::size_t start_at = 19;
    if (fields.size() <= start_at) return std::nullopt;
    process_status status;
    status.command = line.substr(open + 1, close - open - 1);
    status.state = fields.front().front();
    status.parent = std::stol(fields[parent_at]);
    status.session = std::stol(fields[session_at]);
    status.start_ticks = fields[start_at];
    return status;
}

} // namespace acme_dns01
