#include "caa/change.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace acme_dns01::caa {

namespace {

constexpr std::size_t quoted_length_max = 200;

error refusal(error_kind kind, std::string message, std::string hint = {}) {
    return {.kind = kind, .message = std::move(message), .hint = std::move(hint)};
}

result<void> check(request const& r, restrictions const& wanted, dns::name const& zone) {
    if (!r.domain.is_within(zone)) {
        return refusal(
            error_kind::zone_not_found, r.domain.text() + " is not in the zone " + zone.text()
        );
    }
    if (wanted.account && r.account_uri.empty()) {
        return refusal(
            error_kind::usage,
            "no account to permit was given",
            "give it as --account-uri: it is the Location that the CA returned when the account "
            "was made"
        );
    }
    auto const quoted = [](std::string const& text) { return in_quotes(text, quoted_length_max); };
    if (wanted.account && !is_account_uri(r.account_uri))
        return refusal(error_kind::usage, quoted(r.account_uri) + " is not an account URI");
    if (wanted.method && !is_method_label(r.method))
        return refusal(error_kind::usage, quoted(r.method) + " is not a validation method");
    return {};
}

bool names_no_ca(property const& p) { return p.issue.issuer.empty() && p.issue.malformed.empty(); }

// The issue records that have to stand as issuewild too, once any issuewild does.
std::vector<property> copies_for_wildcards(relevant_set const& set) {
    std::vector<property> copies;
    for (auto const* p : set.issue) {
        property copy{p->flags, "issuewild", p->value};
        auto const stands = std::ranges::find(copies, copy) != copies.end();
        if (!stands && !names_no_ca(*p)) copies.push_back(std::move(copy));
    }
    return copies;
}

std::vector<property>
addition(request const& r, restrictions const& wanted, std::vector<property> const& records) {
    auto const set = filter(records);
    auto const for_wildcards = r.wildcard && (wanted.wildcard_only || !set.issuewild.empty());
    std::vector<property> added;
    if (for_wildcards && set.issuewild.empty()) added = copies_for_wildcards(set);
    added.push_back({0, for_wildcards ? "issuewild" : "issue", permitting_value(r, wanted)});
    return added;
}

// The set lies out of the zone, and is taken along to the domain.
result<change> repeated(
    request const& r,
    restrictions const& wanted,
    std::vector<level> const& climb,
    level const& deciding
) {
    auto const& own = climb.front();
    if (is_alias(own)) {
        return refusal(
            error_kind::caa_forbidden,
            own.node.text() + " is an alias of " + own.target.text() +
                ", so it cannot have CAA records of its own",
            "add the record where the alias leads, or replace the alias"
        );
    }
    change c{r.domain, {}, deciding.records};
    std::ranges::move(addition(r, wanted, deciding.records), std::back_inserter(c.added));
    return c;
}

} // namespace

result<change> change_for(
    request const& r,
    restrictions const& wanted,
    std::vector<level> const& climb,
    dns::name const& zone
) {
    auto const checked = check(r, wanted, zone);
    if (!checked) return checked.error();
    auto asked = r;
    asked.wildcard = r.wildcard || wanted.wildcard_only;
    auto const d = decide(asked, climb);
    if (d.is == verdict::error) return refusal(error_kind::dns_failure, d.reason, d.advice);
    auto const is_permitted = d.is == verdict::permitted;
    if (is_permitted && !(d.deciding && owner_of(*d.deciding).is_within(zone)))
        return change{r.domain, {}, {}};
    auto const& deciding = *d.deciding;
    if (is_permitted) return change{owner_of(deciding), deciding.records, {}};
    if (rule_on(deciding.records, asked).by == ruling::rule::critical)
        return refusal(error_kind::caa_forbidden, d.reason, d.advice);
    if (!owner_of(deciding).is_within(zone)) return repeated(asked, wanted, climb, deciding);
    return change{owner_of(deciding), deciding.records, addition(asked, wanted, deciding.records)};
}

} // namespace acme_dns01::caa
