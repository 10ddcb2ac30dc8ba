#include "clients/dehydrated.hpp"

namespace acme_dns01::clients {

namespace {

// The domain, the token's file, the value.
constexpr std::size_t arguments_of_one = 3;

constexpr auto this_hook = "dehydrated's hook: name hooks/dehydrated as HOOK in its configuration";

hook_action action_of(std::string const& operation) {
    if (operation == "deploy_challenge") return hook_action::present;
    if (operation == "clean_challenge") return hook_action::cleanup;
    if (operation == "exit_hook") return hook_action::finish;
    return hook_action::nothing;
}

// dehydrated calls its hook for http-01 and tls-alpn-01, too.
bool is_dns_challenge(environment const& env) {
    return env.get("CHALLENGETYPE").value_or("dns-01") == "dns-01";
}

} // namespace

result<hook_request>
dehydrated_request(std::span<std::string const> arguments, environment const& env) {
    if (arguments.empty()) return bad_call("no operation was given", this_hook);
    auto const& operation = arguments.front();
    auto const action = action_of(operation);
    if (action == hook_action::nothing || action == hook_action::finish)
        return hook_request{action};
    if (!is_dns_challenge(env)) return hook_request{};
    auto const rest = arguments.subspan(1);
    if (rest.empty() || rest.size() % arguments_of_one != 0) {
        return bad_call(
            operation + " needs a domain, a token and a value for each challenge", this_hook
        );
    }
    hook_request request{action};
    for (std::size_t i = 0; i < rest.size(); i += arguments_of_one)
        request.challenges.push_back({rest[i], rest[i + 2]});
    return request;
}

} // namespace acme_dns01::clients
