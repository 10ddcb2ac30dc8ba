#include "challenge/challenge.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace acme_dns01::challenge {

namespace {

constexpr std::string_view challenge_label = "_acme-challenge";
constexpr std::string_view challenge_prefix = "_acme-challenge.";
constexpr std::size_t value_length = 43;

constexpr std::string_view base32_digits = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t label_octets = 10;
constexpr std::size_t label_length = 16;

// Without padding, of a whole number of digits.
std::string base32(std::span<unsigned char const> bytes) {
    std::string text;
    unsigned bits = 0;
    unsigned count = 0;
    for (auto const byte : bytes) {
        bits = bits << 8U | byte;
        for (count += 8; count >= 5; count -= 5)
            text += base32_digits[bits >> (count - 5) & 31U];
    }
    return text;
}

bool is_plain_challenge_name(dns::name const& fqdn) {
    return fqdn.text().starts_with(challenge_prefix);
}

bool has_account_label(dns::name const& fqdn) {
    auto const label = fqdn.text().substr(0, fqdn.text().find('.'));
    auto const is_digit = [](char c) { return base32_digits.find(c) != std::string_view::npos; };
    return label.size() == label_length + 1 && label.front() == '_' &&
           std::all_of(label.begin() + 1, label.end(), is_digit) &&
           is_plain_challenge_name(fqdn.parent());
}

bool is_base64url(char c) { return is_alphanumeric(c) || c == '-' || c == '_'; }

error bad_domain(std::string_view domain, std::string_view why) {
    return {
        .kind = error_kind::usage,
        .message = in_quotes(domain, 80) + " cannot be proven by DNS: " + std::string(why),
    };
}

error bad_value(std::string_view domain, std::string_view value) {
    return {
        .kind = error_kind::usage,
        .message = in_quotes(value, 80) + " is not a challenge value for " + printable(domain, 80) +
                   ": it must be 43 base64url characters",
    };
}

// `domain` is how the user says it, "*." included.
result<dns::name> name_to_prove(std::string_view domain, std::string_view base) {
    auto const name = dns::name::parse(base);
    if (!name) return name.error();
    if (name->text().starts_with('*')) return bad_domain(domain, "'*' is in the wrong place");
    if (name->label_count() < 2)
        return bad_domain(domain, "it is not a name below a top-level domain");
    if (name->ends_in_number()) return bad_domain(domain, "it looks like an IP address");
    return *name;
}

} // namespace

std::string label_of(dns01 const& c) {
    auto const is_as_named = is_challenge_name(c.fqdn) || c.domain == c.fqdn.text();
    if (is_as_named) return c.domain;
    return c.domain + ", whose challenge name is an alias of " + c.fqdn.text();
}

bool is_challenge_value(std::string_view text) {
    return text.size() == value_length && std::ranges::all_of(text, is_base64url);
}

bool is_in_zone_below(dns01 const& c, dns::name const& zone) {
    return c.public_zone && *c.public_zone != zone && c.public_zone->is_within(zone);
}

bool is_challenge_name(dns::name const& fqdn) {
    return is_plain_challenge_name(fqdn) || has_account_label(fqdn);
}

dns::name domain_at(dns::name const& fqdn) {
    if (is_plain_challenge_name(fqdn)) return fqdn.parent();
    return has_account_label(fqdn) ? fqdn.parent().parent() : fqdn;
}

std::string account_label(std::string_view account_uri) {
    auto const digest = sha256(account_uri);
    return "_" + base32(std::span(digest).first(label_octets));
}

result<dns01> for_account(dns01 c, std::string_view account_uri) {
    auto fqdn = c.fqdn.child(account_label(account_uri));
    if (!fqdn) return fqdn.error();
    c.fqdn = std::move(*fqdn);
    return c;
}

result<dns01> make_challenge(std::string_view domain) {
    auto const is_wildcard = domain.starts_with("*.");
    auto const base = name_to_prove(domain, is_wildcard ? domain.substr(2) : domain);
    if (!base) return base.error();
    auto fqdn = base->child(challenge_label);
    if (!fqdn) return fqdn.error();
    return dns01{(is_wildcard ? "*." : "") + base->text(), *fqdn, ""};
}

result<dns01> make_challenge(std::string_view domain, std::string_view value) {
    auto made = make_challenge(domain);
    if (!made) return made.error();
    if (!is_challenge_value(value)) return bad_value(domain, value);
    made->value = value;
    return made;
}

result<dns01> make_challenge_at(std::string_view record_name, std::string_view value) {
    if (lower(record_name).starts_with(challenge_prefix))
        return make_challenge(record_name.substr(challenge_prefix.size()), value);
    auto const fqdn = name_to_prove(record_name, record_name);
    if (!fqdn) return fqdn.error();
    if (!is_challenge_value(value)) return bad_value(record_name, value);
    return dns01{fqdn->text(), *fqdn, std::string(value)};
}

} // namespace acme_dns01::challenge
