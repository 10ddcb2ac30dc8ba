#include "clients/certbot.hpp"

#include "base/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

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

} // namespace acme_dns01::clients
