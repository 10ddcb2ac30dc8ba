#include "clients/hook_request.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"

namespace acme_dns01::clients {

namespace {

constexpr auto dehydrateds_hook =
    "dehydrated's hook: name hooks/dehydrated as HOOK in its configuration";
constexpr auto legos_hook = "lego's hook: name hooks/lego as EXEC_PATH, for the provider exec";
constexpr auto uacmes_hook = "uacme's hook: name hooks/uacme with its option -h";

// The domain, the token's file, the value.
constexpr std::size_t dehydrated_arguments = 3;

// error_kind::usage for a call that is not the client's; `hook` says whose it is and how to name
// it.
error bad_call(std::string message, std::string_view hook) {
    return {
        .kind = error_kind::usage,
        .message = std::move(message),
        .hint = "this is " + std::string(hook),
    };
}

hook_action dehydrated_action(std::string const& operation) {
    if (operation == "deploy_challenge") return hook_action::present;
    if (operation == "clean_challenge") return hook_action::cleanup;
    if (operation == "exit_hook") return hook_action::finish;
    return hook_action::nothing;
}

result<hook_challenge> raw_lego_challenge(std::span<std::string const> given) {
    auto const& token = given[1];
    auto const& key_authorization = given[2];
    if (!key_authorization.starts_with(token + ".")) {
        return bad_call(
            in_quotes(key_authorization, 100) + " is not a key authorization of the token " +
                in_quotes(token, 50),
            legos_hook
        );
    }
    return hook_challenge{given[0], dns_value_of(key_authorization)};
}

result<hook_challenge> lego_challenge(std::span<std::string const> given) {
    if (given.size() == 4 && given[0] == "--") return raw_lego_challenge(given.subspan(1));
    if (given.size() == 2) return hook_challenge{given[0], given[1], true};
    return bad_call(
        "a name and a value are needed, or --, a domain, a token and a key authorization",
        legos_hook
    );
}

} // namespace

result<hook_request>
dehydrated_request(std::span<std::string const> arguments, environment const& env) {
    if (arguments.empty()) return bad_call("no operation was given", dehydrateds_hook);
    auto const& operation = arguments.front();
    auto const action = dehydrated_action(operation);
    if (action == hook_action::nothing || action == hook_action::finish)
        return hook_request{action};
    // dehydrated calls its hook for http-01 and tls-alpn-01, too.
    if (env.get("CHALLENGETYPE").value_or("dns-01") != "dns-01") return hook_request{};
    auto const rest = arguments.subspan(1);
    if (rest.empty() || rest.size() % dehydrated_arguments != 0) {
        return bad_call(
            operation + " needs a domain, a token and a value for each challenge", dehydrateds_hook
        );
    }
    hook_request request{action};
    for (std::size_t i = 0; i < rest.size(); i += dehydrated_arguments)
        request.challenges.push_back({rest[i], rest[i + 2]});
    return request;
}

std::string dns_value_of(std::string const& key_authorization) {
    return base64url(sha256(key_authorization));
}

result<hook_request> lego_request(std::span<std::string const> arguments) {
    auto const operation = arguments.empty() ? "" : arguments.front();
    if (operation != "present" && operation != "cleanup") {
        return bad_call(in_quotes(operation, 40) + " is neither present nor cleanup", legos_hook);
    }
    auto challenge = lego_challenge(arguments.subspan(1));
    if (!challenge) return challenge.error();
    auto const action = operation == "present" ? hook_action::present : hook_action::cleanup;
    return hook_request{action, {std::move(*challenge)}};
}

result<hook_request> uacme_request(std::span<std::string const> arguments) {
    if (arguments.size() != 5) {
        return bad_call(
            "a method, a type, an identifier, a token and an authorization are needed", uacmes_hook
        );
    }
    auto const& method = arguments[0];
    auto const is_begin = method == "begin";
    if (!is_begin && method != "done" && method != "failed")
        return bad_call(
            in_quotes(method, 40) + " is not a method: begin, done or failed", uacmes_hook
        );
    auto const is_ours = arguments[1] == "dns-01";
    if (!is_ours) return hook_request{is_begin ? hook_action::decline : hook_action::nothing};
    auto const action = is_begin ? hook_action::present : hook_action::cleanup;
    return hook_request{action, {{arguments[2], arguments[4]}}};
}

hook_request getssl_request(hook_action action, std::string domain, std::string value) {
    return {action, {{std::move(domain), std::move(value)}}};
}

hook_request acmesh_request(
    hook_action action, std::string record_name, std::string value, environment const& env
) {
    hook_request request{action, {{std::move(record_name), std::move(value), true}}};
    auto const count = number_in<std::int64_t>(env.get("ACMEDNS01_REMAINING").value_or(""));
    if (!count || *count < 0) return request;
    request.remaining = *count;
    request.is_counted = true;
    request.order = env.get("ACMEDNS01_ORDER").value_or("");
    request.hook_variable = "ACMEDNS01_REMAINING";
    return request;
}

} // namespace acme_dns01::clients
