#include "caa/change.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace acme_dns01::caa {

namespace {

error refusal(error_kind kind, std::string message, std::string hint) {
    return {.kind = kind, .message = std::move(message), .hint = std::move(hint)};
}

bool names_no_ca(property const& p) { return p.issue.issuer.empty() && p.issue.malformed.empty(); }

// The issue records that have to stand as issuewild too, once any issuewild does.
std::vector<property> copies_for_wildcards(std::vector<property> const& records) {
    std::vector<property> copies;
    for (auto const* p : with_tag(records, "issue")) {
        property copy{p->flags, "issuewild", p->value};
        auto const stands = std::ranges::find(copies, copy) != copies.end();
        if (!stands && !names_no_ca(*p)) copies.push_back(std::move(copy));
    }
    return copies;
}

std::vector<property>
addition(request const& r, restrictions const& wanted, std::vector<property> const& records) {
    auto const is_first = with_tag(records, "issuewild").empty();
    auto const for_wildcards = r.wildcard && (wanted.wildcard_only || !is_first);
    std::vector<property> added;
    if (for_wildcards && is_first) added = copies_for_wildcards(records);
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
    auto const added = addition(r, wanted, deciding.records);
    auto const& own = climb.front();
    if (is_alias(own)) {
        std::vector<std::string> texts;
        std::ranges::transform(added, std::back_inserter(texts), shown);
        return refusal(
            error_kind::caa_forbidden,
            own.node.text() + " is an alias of " + own.target.text() +
                ", so it cannot have CAA records of its own",
            "add " + joined(texts, " and ") + " at " + deciding.target.text() +
                ", or replace the alias"
        );
    }
    change c{r.domain, {}, deciding.records};
    c.added.insert(c.added.end(), added.begin(), added.end());
    return c;
}

} // namespace

result<change> change_for(
    request const& r,
    restrictions const& wanted,
    std::vector<level> const& climb,
    dns::name const& zone
) {
    auto asked = r;
    asked.wildcard = r.wildcard || wanted.wildcard_only;
    auto const d = decide(asked, climb);
    if (d.is == verdict::error) return refusal(error_kind::dns_failure, d.reason, d.advice);
    auto const is_ours = d.deciding && d.deciding->target.is_within(zone);
    auto c = is_ours ? change{d.deciding->target, d.deciding->records, {}} : change{r.domain};
    if (d.is == verdict::permitted) return c;
    if (rule_on(d.deciding->records, asked).by == ruling::rule::critical)
        return refusal(error_kind::caa_forbidden, d.reason, d.advice);
    if (!is_ours) return repeated(asked, wanted, climb, *d.deciding);
    c.added = addition(asked, wanted, c.kept);
    return c;
}

} // namespace acme_dns01::caa
