#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01 {

// The process environment as a value, read once by main: everything that depends on it can be
// tested with a table.
class environment {
public:
    environment() = default;
    explicit environment(std::map<std::string, std::string> variables)
        : variables_(std::move(variables)) {}
    static environment of_this_process();

    // Nothing for a variable that is not set or is empty: both mean "not given".
    std::optional<std::string> get(std::string_view name) const;
    // Empty ones, too.
    std::map<std::string, std::string> const& all() const { return variables_; }

private:
    std::map<std::string, std::string> variables_;
};

} // namespace acme_dns01
