#include "challenge/allow_list.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

namespace {

// The domains that a challenge name proves, and any other name itself.
std::vector<dns::name> domains_of(dns::name const& domain) {
    if (!is_challenge_name(domain)) return {domain};
    std::vector<dns::name> domains{domain_at(domain)};
    if (auto wildcard = domains.front().child("*")) domains.push_back(*wildcard);
    return domains;
}

} // namespace

result<allow_list> allow_list::parse(std::vector<std::string> const& patterns) {
    allow_list parsed;
    for (auto const& text : patterns) {
        auto const pattern = dns::name::parse(text);
        if (!pattern) return in_context("--allow", pattern.error());
        parsed.patterns_.push_back(*pattern);
    }
    return parsed;
}

bool allow_list::covers(dns::name const& domain) const {
    return std::ranges::any_of(patterns_, [&](auto const& pattern) {
        if (!pattern.text().starts_with("*.")) return domain == pattern;
        auto const base = pattern.parent();
        return domain != base && domain.is_within(base);
    });
}

result<void> allow_list::check(dns::name const& domain) const {
    auto const allowed = [&](auto const& name) { return covers(name); };
    if (!is_limited() || std::ranges::any_of(domains_of(domain), allowed)) return {};
    return error{
        .kind = error_kind::configuration,
        .message = domain.text() + " is not among the names that this host may touch: " +
                   joined(texts_of(patterns_), ", "),
        .hint = "extend 'allow' in the configuration if it should be",
    };
}

result<void> allow_list::check(dns01 const& c) const {
    auto const domain = dns::name::parse(c.domain);
    if (!domain) return domain.error();
    return check(*domain);
}

} // namespace acme_dns01::challenge
