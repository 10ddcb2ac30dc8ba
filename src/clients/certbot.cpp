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
constexpr std::size_t line_shown_max = 80;

error missing(std::string_view variable) {
    return {
        .kind = error_kind::usage,
        .message = std::string(variable) + " is not set",
        .hint = "this is certbot's hook: name it with --manual-auth-hook and --manual-cleanup-hook",
    };
}

// None for a challenge that is not dns-01: http-01 comes with a token, which certbot takes away
// again for dns-01.
result<std::vector<hook_challenge>> challenges_in(environment const& env) {
    if (env.get("CERTBOT_TOKEN")) return std::vector<hook_challenge>();
    auto domain = env.get("CERTBOT_DOMAIN");
    if (!domain) domain = env.get("CERTBOT_IDENTIFIER");
    if (!domain) return missing("CERTBOT_DOMAIN");
    auto value = env.get("CERTBOT_VALIDATION");
    if (!value) return missing("CERTBOT_VALIDATION");
    return std::vector{hook_challenge{std::move(*domain), std::move(*value)}};
}

result<std::int64_t> remaining_in(environment const& env) {
    auto const text = env.get("CERTBOT_REMAINING_CHALLENGES").value_or("0");
    auto const count = number_in<std::int64_t>(text);
    if (count && *count >= 0) return *count;
    return error{
        .kind = error_kind::usage,
        .message = "CERTBOT_REMAINING_CHALLENGES is not a number: " + in_quotes(text, 40),
    };
}

void tell_the_order(hook_request& request, environment const& env) {
    request.is_counted = env.get("CERTBOT_REMAINING_CHALLENGES").has_value();
    request.order =
        env.get("CERTBOT_ALL_DOMAINS").value_or(env.get("CERTBOT_ALL_IDENTIFIERS").value_or(""));
    request.hook_variable = "CERTBOT_VALIDATION";
}

std::optional<known_record> record_in_line(std::string const& line, std::string const& value) {
    boost::system::error_code ec;
    auto const parsed = json::parse(line, ec);
    auto const* const zone = parsed.find_pointer("/zone", ec);
    auto const* const id = parsed.find_pointer("/id", ec);
    auto const* const about = parsed.find_pointer("/value", ec);
    if (zone == nullptr || !zone->is_string() || zone->get_string().empty()) return std::nullopt;
    if (id == nullptr || !id->is_int64() || id->get_int64() <= 0) return std::nullopt;
    if (about != nullptr && *about != json::value(value)) return std::nullopt;
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

using settings = std::map<std::string, std::string>;

error unusable(std::string why) {
    return {.kind = error_kind::configuration, .message = std::move(why)};
}

// Without the comment that may follow. Nothing where a quote is not closed.
std::optional<std::string> value_in(std::string_view rest) {
    auto const text = trimmed(rest);
    auto const is_quoted = text.starts_with('"') || text.starts_with('\'');
    auto const end = is_quoted ? text.find(text.front(), 1) : 0;
    if (end == std::string_view::npos) return std::nullopt;
    return std::string(trimmed(text.substr(0, text.find('#', end))));
}

// "renewalparams" in "[renewalparams]"; empty where the brackets do not match.
std::string section_in(std::string_view line) {
    auto const text = trimmed(line.substr(0, line.find('#')));
    auto const is_whole = std::ranges::count(text, '[') == std::ranges::count(text, ']');
    if (!is_whole || !text.ends_with(']')) return {};
    return std::string(trimmed(text.substr(1, text.size() - 2)));
}

// By section and name, "renewalparams/authenticator", those outside sections by name alone. As
// certbot's library (ConfigObj) reads the file, except for values of several lines.
result<settings> settings_in(std::string_view file) {
    settings found;
    std::string section;
    for (std::string_view const line : split(file, "\n")) {
        if (line.starts_with('#')) continue;
        auto const told = in_quotes(line, line_shown_max);
        auto const is_section = line.starts_with('[');
        auto const equals = is_section ? line.size() : line.find('=');
        auto const name =
            is_section ? section_in(line) : std::string(unquoted(trimmed(line.substr(0, equals))));
        if (name.empty() || equals == std::string_view::npos)
            return unusable(told + " is neither a section nor a setting");
        auto const value = value_in(line.substr(std::min(equals + 1, line.size())));
        if (!value) return unusable(told + " has a quote that is not closed");
        if (is_section) section = name + "/";
        auto const key = is_section ? section : section + name;
        if (!found.emplace(key, *value).second) return unusable(told + " stands there twice");
    }
    return found;
}

std::string setting(settings const& set, std::string_view name) {
    auto const found = set.find("renewalparams/" + std::string(name));
    return found == set.end() ? "" : std::string(unquoted(found->second));
}

// Without a preference it depends on what the CA offers, which for a wildcard is DNS alone.
bool may_be_dns(std::string const& preferred) {
    auto const wanted = split(preferred, ", \"'");
    auto const is_dns = [](auto const& type) { return type == "dns" || type == "dns-01"; };
    return wanted.empty() || std::ranges::any_of(wanted, is_dns);
}

result<void> check_switches(settings const& set) {
    for (std::string const name :
         {"autorenew", "must_staple", "allow_subset_of_names", "reuse_key"}) {
        auto const value = lower(setting(set, name));
        if (!value.empty() && value != "true" && value != "false")
            return unusable(name + " is neither True nor False");
    }
    if (lower(setting(set, "autorenew")) == "false") return unusable("autorenew is False");
    return {};
}

} // namespace

result<hook_request> certbot_auth_request(environment const& env) {
    auto const remaining = remaining_in(env);
    if (!remaining) return remaining.error();
    auto challenges = challenges_in(env);
    if (!challenges) return challenges.error();
    hook_request request{hook_action::present, std::move(*challenges), *remaining};
    tell_the_order(request, env);
    return request;
}

result<hook_request> certbot_cleanup_request(environment const& env) {
    auto challenges = challenges_in(env);
    if (!challenges) return challenges.error();
    hook_request request{hook_action::cleanup, std::move(*challenges)};
    // A count that makes no sense is no reason to leave the record behind.
    if (auto const remaining = remaining_in(env)) {
        request.remaining = *remaining;
        tell_the_order(request, env);
    }
    auto const output = env.get("CERTBOT_AUTH_OUTPUT");
    if (output && !request.challenges.empty())
        request.record = record_in(*output, request.challenges.front().value);
    return request;
}

std::string certbot_auth_output(
    std::string const& zone, std::int64_t id, std::string const& fqdn, std::string const& value
) {
    json::object const line{{"zone", zone}, {"id", id}, {"fqdn", fqdn}, {"value", value}};
    return json::serialize(line);
}

std::string certbot_planned_output(std::string const& fqdn, std::string const& value) {
    json::object const line{{"fqdn", fqdn}, {"value", value}};
    return json::serialize(line);
}

result<certbot_renewal> certbot_renewal_in(std::string_view file) {
    auto const set = settings_in(file);
    if (!set) return set.error();
    certbot_renewal found;
    auto const authenticator = setting(*set, "authenticator");
    found.is_by_dns_hooks = authenticator == "manual" &&
                            !setting(*set, "manual_auth_hook").empty() &&
                            may_be_dns(setting(*set, "pref_challs"));
    if (!authenticator.empty() && !found.is_by_dns_hooks) return found;
    for (std::size_t i = 0; i < certbot_links.size(); ++i) {
        auto const kind = std::string(certbot_links[i]);
        auto const link = set->find(kind);
        if (link == set->end() || link->second.empty())
            return unusable("there is no line `" + kind + " = <file>`");
        found.links[i] = unquoted(link->second);
    }
    if (authenticator.empty()) return unusable("[renewalparams] has no authenticator");
    auto const checked = check_switches(*set);
    if (!checked) return checked.error();
    return found;
}

} // namespace acme_dns01::clients
