#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>

namespace acme_dns01 {

// The process's environment as a value, read once by main, so that everything that depends on it
// can be tested with a table.
class environment {
public:
    environment() = default;
    explicit environment(
        std::map<std::string, std::string> variables, std::optional<mode_t> umask = std::nullopt
    )
        : variables_(std::move(variables)), umask_(umask) {}
    static environment of_this_process(std::optional<mode_t> umask = std::nullopt);

    // Nothing for a variable that is not set or is empty: both mean "not given".
    std::optional<std::string> get(std::string_view name) const;
    // Includes empty variables.
    std::map<std::string, std::string> const& all() const { return variables_; }
    // The umask that our caller gave us, if main has changed it.
    std::optional<mode_t> umask() const { return umask_; }

private:
    std::map<std::string, std::string> variables_;
    std::optional<mode_t> umask_;
};

} // namespace acme_dns01
