#include "clients/certbot_renewal.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace acme_dns01::clients {

namespace {

// certbot's library puts quotes around some values.
std::string_view unquoted(std::string_view text) {
    auto const is_quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                           text.front() == text.back();
    return is_quoted ? text.substr(1, text.size() - 2) : text;
}

// The names of sections do not matter: no name stands in two of those that are read.
std::map<std::string, std::string> settings_in(std::string_view file) {
    std::map<std::string, std::string> found;
    for (auto const& line : split(file, "\n")) {
        auto const equals = line.find('=');
        if (line.starts_with('#') || equals == std::string::npos) continue;
        auto const whole = std::string_view(line);
        auto const name = trimmed(whole.substr(0, equals));
        found.emplace(name, unquoted(trimmed(whole.substr(equals + 1))));
    }
    return found;
}

// Without a preference it depends on what the CA offers, which for a wildcard is DNS alone.
bool may_be_dns(std::string const& preferred) {
    auto const wanted = split(preferred, ", ");
    auto const is_dns = [](auto const& type) { return unquoted(type).starts_with("dns"); };
    return wanted.empty() || std::ranges::any_of(wanted, is_dns);
}

} // namespace

result<certbot_renewal> certbot_renewal_in(std::string_view file) {
    auto settings = settings_in(file);
    certbot_renewal found{settings["cert"]};
    if (found.certificate.empty()) {
        return error{
            .kind = error_kind::configuration,
            .message = "it names no certificate: there is no line `cert = <file>`",
        };
    }
    found.is_by_dns_hooks = settings["authenticator"] == "manual" &&
                            !settings["manual_auth_hook"].empty() &&
                            may_be_dns(settings["pref_challs"]);
    return found;
}

} // namespace acme_dns01::clients
