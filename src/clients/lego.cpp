#include "clients/lego.hpp"

#include "base/text.hpp"

#include <openssl/evp.h>

#include <array>

namespace acme_dns01::clients {

namespace {

constexpr auto this_hook = "lego's hook: name hooks/lego as EXEC_PATH, for the provider exec";

// Without padding (RFC 4648 5).
std::string base64url(std::span<unsigned char const> bytes) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    unsigned held = 0;
    unsigned bits = 0;
    for (auto const byte : bytes) {
        held = (held << 8) | byte;
        for (bits += 8; bits >= 6; bits -= 6)
            text += alphabet[(held >> (bits - 6)) & 63];
    }
    if (bits > 0) text += alphabet[(held << (6 - bits)) & 63];
    return text;
}

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
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    ::EVP_Digest(
        key_authorization.data(),
        key_authorization.size(),
        digest.data(),
        &size,
        ::EVP_sha256(),
        nullptr
    );
    return base64url(std::span(digest).first(size));
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
