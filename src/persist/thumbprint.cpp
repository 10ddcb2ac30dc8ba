#include "persist/thumbprint.hpp"

#include "base/c_handle.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <vector>

namespace acme_dns01::persist {

namespace json = boost::json;

namespace {

using members = std::map<std::string, std::string>; // sorted, as RFC 7638 3 wants them

error no_key(std::string why) {
    return {.kind = error_kind::configuration, .message = std::move(why)};
}

// Of the members that RFC 7638 3.2 requires, or RFC 8037 2 for Ed25519.
std::span<std::string_view const> required_of(std::string_view type) {
    static constexpr std::array<std::string_view, 3> rsa{"e", "kty", "n"};
    static constexpr std::array<std::string_view, 4> ec{"crv", "kty", "x", "y"};
    static constexpr std::array<std::string_view, 3> okp{"crv", "kty", "x"};
    if (type == "RSA") return rsa;
    if (type == "EC") return ec;
    return type == "OKP" ? std::span<std::string_view const>(okp)
                         : std::span<std::string_view const>();
}

// No character that JSON would escape.
bool is_plain(std::string_view text) {
    auto const is_fine = [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; };
    return !text.empty() && std::ranges::all_of(text, is_fine);
}

std::string digest_of(members const& key) {
    std::string text;
    for (auto const& [name, value] : key)
        text.append(text.empty() ? "{\"" : ",\"").append(name + "\":\"" + value + "\"");
    return base64url(sha256(text + "}"));
}

std::string text_at(json::object const& from, std::string_view name) {
    auto const* const value = from.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

result<std::string> of_jwk(json::object const& key) {
    members taken;
    auto const type = text_at(key, "kty");
    for (auto const name : required_of(type))
        taken.emplace(name, text_at(key, name));
    if (taken.empty()) return no_key("holds no public key that an ACME account can have");
    auto const is_whole = [](auto const& member) { return is_plain(member.second); };
    if (std::ranges::all_of(taken, is_whole)) return digest_of(taken);
    return no_key("holds an incomplete " + type + " key");
}

result<std::string> of_json(std::string_view text) {
    json::error_code ec;
    auto const whole = json::parse({text.data(), text.size()}, ec);
    if (ec || !whole.is_object()) return no_key("is neither JSON nor PEM");
    auto const* const nested = whole.get_object().if_contains("key");
    auto const is_nested = nested != nullptr && nested->is_object();
    return of_jwk(is_nested ? nested->get_object() : whole.get_object());
}

using bio = c_handle<BIO, ::BIO_free>;
using key_handle = c_handle<EVP_PKEY, ::EVP_PKEY_free>;
using number = c_handle<BIGNUM, ::BN_clear_free>;

// A key with a password is refused; the default would ask on the terminal.
int no_password(char*, int, int, void*) { return -1; }

key_handle read_pem(std::string_view text) {
    bio source(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    key_handle key(::PEM_read_bio_PrivateKey(source.get(), nullptr, no_password, nullptr));
    if (key) return key;
    bio again(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    return key_handle(::PEM_read_bio_PUBKEY(again.get(), nullptr, no_password, nullptr));
}

// At least `length` bytes, with zeros in front: coordinates are as long as their field (RFC 7518
// 6.2.1.2).
std::string number_of(EVP_PKEY const* key, char const* name, int length = 0) {
    BIGNUM* read = nullptr;
    if (::EVP_PKEY_get_bn_param(key, name, &read) != 1) return {};
    number const value(read);
    std::vector<unsigned char> bytes(
        static_cast<std::size_t>(std::max(length, BN_num_bytes(value.get())))
    );
    ::BN_bn2binpad(value.get(), bytes.data(), static_cast<int>(bytes.size()));
    return base64url(bytes);
}

struct curve {
    std::string_view group; // as OpenSSL names it
    std::string_view name;  // RFC 7518 6.2.1.1
    int length;             // of a coordinate, in bytes
};

constexpr std::array<curve, 3> curves{
    {{"prime256v1", "P-256", 32}, {"secp384r1", "P-384", 48}, {"secp521r1", "P-521", 66}}};

members of_ec(EVP_PKEY const* key) {
    std::array<char, 64> group{};
    ::EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr);
    auto const* const found = std::ranges::find(curves, group.data(), &curve::group);
    if (found == curves.end()) return {};
    return {
        {"crv", std::string(found->name)},
        {"kty", "EC"},
        {"x", number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, found->length)},
        {"y", number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, found->length)},
    };
}

members of_ed25519(EVP_PKEY const* key) {
    std::array<unsigned char, 32> bytes{};
    auto length = bytes.size();
    if (::EVP_PKEY_get_raw_public_key(key, bytes.data(), &length) != 1) return {};
    return {{"crv", "Ed25519"}, {"kty", "OKP"}, {"x", base64url(bytes)}};
}

result<std::string> of_pem(std::string_view text) {
    auto const key = read_pem(text);
    if (!key) return no_key("holds no key in PEM that can be read without a password");
    members taken;
    if (::EVP_PKEY_is_a(key.get(), "RSA") == 1) {
        taken["e"] = number_of(key.get(), OSSL_PKEY_PARAM_RSA_E);
        taken["kty"] = "RSA";
        taken["n"] = number_of(key.get(), OSSL_PKEY_PARAM_RSA_N);
    }
    if (::EVP_PKEY_is_a(key.get(), "EC") == 1) taken = of_ec(key.get());
    if (::EVP_PKEY_is_a(key.get(), "ED25519") == 1) taken = of_ed25519(key.get());
    auto const is_missing = [](auto const& member) { return member.second.empty(); };
    if (!taken.empty() && std::ranges::none_of(taken, is_missing)) return digest_of(taken);
    return no_key("holds no public key that an ACME account can have");
}

} // namespace

result<std::string> thumbprint_in(std::string_view text) {
    return text.find("-----BEGIN ") == std::string_view::npos ? of_json(text) : of_pem(text);
}

} // namespace acme_dns01::persist
