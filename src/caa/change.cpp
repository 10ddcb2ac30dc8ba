#include "caa/change.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace acme_dns01::caa {

namespace {

constexpr std::size_t quoted_length_max = 200;

error bad_restriction(std::string message, std::string hint = {}) {
    return {
        .kind = error_kind::usage,
        .message = std::move(message),
        .hint = std::move(hint),
    };
}

std::optional<error> complaint_about_account(request const& r) {
    if (r.account_uri.empty()) {
        return bad_restriction(
            "no account to permit was given",
            "give it as --account-uri: it is the Location that the CA returned when the account "
            "was made"
        );
    }
    if (is_account_uri(r.account_uri)) return std::nullopt;
    return bad_restriction(
        "'" + printable(r.account_uri, quoted_length_max) + "' is not an account URI"
    );
}

std::optional<error>
complaint_about(request const& r, restrictions const& wanted, dns::name const& zone) {
    if (!r.domain.is_within(zone)) {
        return error{
            .kind = error_kind::zone_not_found,
            .message = r.domain.text() + " is not in the zone " + zone.text(),
        };
    }
    if (wanted.account) {
        if (auto complaint = complaint_about_account(r)) return complaint;
    }
    if (wanted.method && !is_method_label(r.method))
        return bad_restriction(
            "'" + printable(r.method, quoted_length_max) + "' is not a validation method"
        );
    return std::nullopt;
}

error no_help(std::string reason, std::string hint) {
    return {
        .kind = error_kind::caa_forbidden,
        .message = std::move(reason),
        .hint = std::move(hint),
    };
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
        return no_help(
            own.node.text() + " is an alias of " + own.target.text() +
                ", so it cannot have CAA records of its own",
            "add the record where the alias leads, or replace the alias"
        );
    }
    change c{r.domain, {}, deciding.records};
    std::ranges::move(addition(r, wanted, deciding.records), std::back_inserter(c.added));
    return c;
}

change nothing_to_add(request const& r, decision const& d, dns::name const& zone) {
    if (d.deciding && owner_of(*d.deciding).is_within(zone))
        return {owner_of(*d.deciding), d.deciding->records, {}};
    return {r.domain, {}, {}};
}

} // namespace

result<change> change_for(
    request const& r,
    restrictions const& wanted,
    std::vector<level> const& climb,
    dns::name const& zone
) {
    if (auto complaint = complaint_about(r, wanted, zone)) return *complaint;
    auto asked = r;
    asked.wildcard = r.wildcard || wanted.wildcard_only;
    auto const d = decide(asked, climb);
    if (d.is == verdict::error)
        return error{.kind = error_kind::dns_failure, .message = d.reason, .hint = d.advice};
    if (d.is == verdict::permitted) return nothing_to_add(r, d, zone);
    auto const& deciding = *d.deciding;
    if (rule_on(deciding.records, asked).by == ruling::rule::critical)
        return no_help(d.reason, d.advice);
    if (!owner_of(deciding).is_within(zone)) return repeated(asked, wanted, climb, deciding);
    return change{owner_of(deciding), deciding.records, addition(asked, wanted, deciding.records)};
}

} // namespace acme_dns01::caa
