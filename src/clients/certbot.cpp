#include "clients/certbot.hpp"

#include "base/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <vector>

namespace acme_dns01::clients {

namespace json = boost::json;

namespace {

// Our line is far shorter.
constexpr std::size_t auth_output_max = 64 * 1024;

error missing(std::string_view variable) {
    return {
        .kind = error_kind::usage,
        .message = std::string(variable) + " is not set",
        .hint = "this is certbot's hook: name it with --manual-auth-hook and --manual-cleanup-hook",
    };
}

result<hook_challenge> challenge_in(environment const& env) {
    auto domain = env.get("CERTBOT_DOMAIN");
    if (!domain) domain = env.get("CERTBOT_IDENTIFIER");
    if (!domain) return missing("CERTBOT_DOMAIN");
    auto value = env.get("CERTBOT_VALIDATION");
    if (!value) return missing("CERTBOT_VALIDATION");
    return hook_challenge{std::move(*domain), std::move(*value)};
}

// http-01 comes with a token, which certbot takes away again for dns-01.
bool is_dns_challenge(environment const& env) { return !env.get("CERTBOT_TOKEN"); }

result<std::int64_t> remaining_in(environment const& env) {
    auto const text = env.get("CERTBOT_REMAINING_CHALLENGES").value_or("0");
    auto const count = number_in<std::int64_t>(text);
    if (count && *count >= 0) return *count;
    return error{
        .kind = error_kind::usage,
        .message = "CERTBOT_REMAINING_CHALLENGES is not a number: '" + printable(text, 40) + "'",
    };
}

std::optional<known_record> record_in_line(std::string const& line, std::string const& value) {
    boost::system::error_code ec;
    auto const parsed = json::parse(line, ec);
    if (ec || !parsed.is_object()) return std::nullopt;
    auto const& object = parsed.get_object();
    auto const* zone = object.if_contains("zone");
    auto const* id = object.if_contains("id");
    auto const* about = object.if_contains("value");
    if (zone == nullptr || !zone->is_string() || id == nullptr || !id->is_int64())
        return std::nullopt;
    if (zone->get_string().empty() || id->get_int64() <= 0) return std::nullopt;
    auto const is_others =
        about != nullptr && (!about->is_string() || about->get_string() != value);
    if (is_others) return std::nullopt;
    return known_record{std::string(zone->get_string()), id->get_int64()};
}

// A wrapper around the hook may print lines of its own.
std::optional<known_record> record_in(std::string_view output, std::string const& value) {
    if (output.size() > auth_output_max) return std::nullopt;
    for (auto const& line : split(output, "\n")) {
        if (auto record = record_in_line(line, value)) return record;
    }
    return std::nullopt;
}

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

result<hook_request> certbot_auth_request(environment const& env) {
    auto const remaining = remaining_in(env);
    if (!remaining) return remaining.error();
    hook_request request{.action = hook_action::present, .remaining = *remaining};
    request.order =
        env.get("CERTBOT_ALL_DOMAINS").value_or(env.get("CERTBOT_ALL_IDENTIFIERS").value_or(""));
    if (!is_dns_challenge(env)) return request;
    auto challenge = challenge_in(env);
    if (!challenge) return challenge.error();
    request.challenges.push_back(std::move(*challenge));
    return request;
}

result<hook_request> certbot_cleanup_request(environment const& env) {
    hook_request request{.action = hook_action::cleanup};
    if (!is_dns_challenge(env)) return request;
    auto challenge = challenge_in(env);
    if (!challenge) return challenge.error();
    if (auto const output = env.get("CERTBOT_AUTH_OUTPUT")) {
        request.record = record_in(*output, challenge->value);
    }
    request.challenges.push_back(std::move(*challenge));
    return request;
}

std::string certbot_auth_output(
    std::string const& zone, std::int64_t id, std::string const& fqdn, std::string const& value
) {
    json::object const line{{"zone", zone}, {"id", id}, {"fqdn", fqdn}, {"value", value}};
    return json::serialize(line);
}

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
