#include "clients/lego.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"

namespace acme_dns01::clients {

namespace {

constexpr auto this_hook = "lego's hook: name hooks/lego as EXEC_PATH, for the provider exec";

result<hook_challenge> raw_challenge(std::span<std::string const> given) {
    auto const& token = given[1];
    auto const& key_authorization = given[2];
    if (!key_authorization.starts_with(token + ".")) {
        return bad_call(
            "'" + printable(key_authorization, 100) +
                "' is no key authorization of "
                "the token '" +
                printable(token, 50) + "'",
            this_hook
        );
    }
    return hook_challenge{given[0], dns_value_of(key_authorization)};
}

result<hook_challenge> challenge_in(std::span<std::string const> given) {
    if (given.size() == 4 && given[0] == "--") return raw_challenge(given.subspan(1));
    if (given.size() == 2) return hook_challenge{given[0], given[1], true};
    return bad_call(
        "a name and a value are needed, or --, a domain, a token and a key "
        "authorization",
        this_hook
    );
}

} // namespace

std::string dns_value_of(std::string const& key_authorization) {
    return base64url(sha256(key_authorization));
}

result<hook_request> lego_request(std::span<std::string const> arguments) {
    if (arguments.empty()) return bad_call("neither present nor cleanup was asked for", this_hook);
    auto const& operation = arguments.front();
    if (operation != "present" && operation != "cleanup") {
        return bad_call(
            "'" + printable(operation, 40) + "' is neither present nor cleanup", this_hook
        );
    }
    auto challenge = challenge_in(arguments.subspan(1));
    if (!challenge) return challenge.error();
    auto const action = operation == "present" ? hook_action::present : hook_action::cleanup;
    return hook_request{action, {std::move(*challenge)}};
}

} // namespace acme_dns01::clients
