#include "challenge/challenge.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

namespace {

constexpr std::string_view challenge_label = "_acme-challenge";
constexpr std::size_t value_length = 43;

bool is_base64url(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

error bad_domain(std::string_view domain, std::string_view why) {
    return {
        .kind = error_kind::usage,
        .message = "'" + printable(domain, 80) + "' cannot be proven by DNS: " + std::string(why),
    };
}

// No top-level domain is numeric (RFC 3696 2), so this tells addresses from names.
bool ends_in_number(dns::name const& name) {
    auto const text = name.text();
    auto const last = text.substr(text.rfind('.') + 1);
    return std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::string label_of(challenge const& c) {
    if (is_challenge_name(c.fqdn)) return c.domain;
    return c.domain + ", whose challenge name is an alias of " + c.fqdn.text();
}

bool is_challenge_value(std::string_view text) {
    return text.size() == value_length && std::ranges::all_of(text, is_base64url);
}

bool is_challenge_name(dns::name const& fqdn) {
    return fqdn.text().starts_with(std::string(challenge_label) + ".");
}

result<challenge> make_challenge(std::string_view domain, std::string_view value) {
    auto const is_wildcard = domain.starts_with("*.");
    auto const base = dns::name::parse(is_wildcard ? domain.substr(2) : domain);
    if (!base) return base.error();
    if (base->text().starts_with('*')) return bad_domain(domain, "'*' stands in the wrong place");
    if (base->label_count() < 2)
        return bad_domain(domain, "it is no name below a top-level domain");
    if (ends_in_number(*base)) return bad_domain(domain, "it looks like an IP address");
    auto fqdn = base->child(challenge_label);
    if (!fqdn) return fqdn.error();
    if (!is_challenge_value(value)) {
        return error{
            .kind = error_kind::usage,
            .message = "'" + printable(value, 80) + "' is no challenge value for " +
                       printable(domain, 80) + ": it has to be 43 base64url characters",
        };
    }
    return challenge{(is_wildcard ? "*." : "") + base->text(), *fqdn, std::string(value)};
}

} // namespace acme_dns01::challenge
