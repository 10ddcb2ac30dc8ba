#include "base/environment.hpp"

#include <unistd.h>

namespace acme_dns01 {

environment environment::of_this_process(std::optional<mode_t> umask) {
    std::map<std::string, std::string> variables;
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        std::string_view const text(*entry);
        auto const equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment(std::move(variables), umask);
}

std::optional<std::string> environment::get(std::string_view name) const {
    auto const found = variables_.find(std::string(name));
    if (found == variables_.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

} // namespace acme_dns01
