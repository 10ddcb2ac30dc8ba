#include "base/environment.hpp"
#include "challenge/challenge.hpp"
#include "clients/certbot.hpp"
#include "clients/hook_request.hpp"
#include "fuzz/fuzz.hpp"

namespace acme_dns01::fuzz {

namespace {

using variables = std::map<std::string, std::string>;

variables take_variables(std::vector<std::string>& lines) {
    variables taken;
    std::erase_if(lines, [&](std::string const& line) {
        auto const end = line.find('=');
        auto const is_one = line.starts_with("C") && end != std::string::npos;
        return is_one && taken.emplace(line.substr(0, end), line.substr(end + 1)).second;
    });
    return taken;
}

result<challenge::dns01> understood(clients::hook_challenge const& given) {
    return given.is_record_name ? challenge::make_challenge_at(given.name, given.value)
                                : challenge::make_challenge(given.name, given.value);
}

void require_request(result<clients::hook_request> const& request) {
    if (!request) return require_failure(request.error(), error_kind::usage);
    require(request->remaining >= 0, "a number of challenges is not negative");
    require(!request->record || request->record->id > 0, "the id of a record is above 0");
    for (auto const& given : request->challenges) {
        auto const read = understood(given);
        if (!read) {
            require_failure(read.error(), error_kind::usage);
            continue;
        }
        require_one_line(challenge::label_of(*read));
        require(read->value == given.value, "the value stays");
        auto const again = challenge::make_challenge(read->domain, read->value);
        if (!given.is_record_name) require_same(again, *read, "the domain stays");
    }
}

// The cleanup hook finds the record in the line that the auth hook has printed.
void require_recognised(clients::hook_request const& placed, variables env) {
    if (placed.challenges.empty()) return;
    auto const read = understood(placed.challenges.front());
    if (!read) return;
    auto const line =
        clients::certbot_auth_output("example.com", 7, read->fqdn.text(), read->value);
    require_one_line(line);
    env["CERTBOT_AUTH_OUTPUT"] = "a wrapper's line\n" + line;
    auto const removed = clients::certbot_cleanup_request(environment(env));
    require(removed->record == clients::known_record{"example.com", 7}, "the record is recognised");
}

} // namespace

void client_arguments(std::string_view input) {
    auto arguments = lines_of(input);
    auto const given = take_variables(arguments);
    environment const env(given);
    auto const placed = clients::certbot_auth_request(env);
    require_request(placed);
    if (placed) require_recognised(*placed, given);
    require_request(clients::certbot_cleanup_request(env));
    require_request(clients::dehydrated_request(arguments, env));
    require_request(clients::lego_request(arguments));
    require_request(clients::uacme_request(arguments));
    arguments.resize(2);
    auto const present = clients::hook_action::present;
    require_request(clients::getssl_request(present, arguments[0], arguments[1]));
    require_request(clients::acmesh_request(present, arguments[0], arguments[1], env));
}

} // namespace acme_dns01::fuzz
