#include "persist/account.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::persist {

namespace {

constexpr std::string_view hash_name = "sha-256/";
constexpr std::string_view every_domain = "*";
constexpr std::size_t hash_length = 43;

bool is_base64url(char c) { return is_alphanumeric(c) || c == '-' || c == '_'; }

bool knows_hashes(account const& who) {
    return !who.thumbprint.empty() && !who.hash_prefix.empty();
}

} // namespace

bool is_thumbprint(std::string_view text) {
    return text.size() == hash_length && std::ranges::all_of(text, is_base64url);
}

std::string account_hash(std::string_view name, account const& who) {
    std::string text(1, static_cast<char>(name.size()));
    text += name;
    return base64url(sha256(text + who.thumbprint + who.uri));
}

std::string hashed_uri(std::string_view name, account const& who) {
    return who.hash_prefix + std::string(hash_name) + account_hash(name, who);
}

std::vector<std::string> uris_taken(account const& who, dns::name const& domain) {
    if (who.by == form::uri) return {who.uri};
    return {hashed_uri(domain.text(), who), hashed_uri(every_domain, who)};
}

std::vector<std::string> uris_of(account const& who, dns::name const& domain) {
    std::vector<std::string> all{who.uri};
    if (!knows_hashes(who)) return all;
    all.push_back(hashed_uri(domain.text(), who));
    all.push_back(hashed_uri(every_domain, who));
    return all;
}

bool has_form(std::string_view uri, account const& who) {
    if (who.by == form::uri) return true;
    auto const prefix = who.hash_prefix + std::string(hash_name);
    return uri.starts_with(prefix) && is_thumbprint(uri.substr(prefix.size()));
}

} // namespace acme_dns01::persist
