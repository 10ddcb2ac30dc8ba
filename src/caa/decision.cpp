#include "caa/decision.hpp"

#include "base/text.hpp"
#include "caa/explanation.hpp"
#include "caa/warnings.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace acme_dns01::caa {

namespace {

// As Let's Encrypt knows them: RFC 8659 4.4, RFC 9495, BIMI. It does not know contactemail and
// contactphone (BR appendix A).
constexpr std::array<std::string_view, 5> known_tags{
    "issue", "issuewild", "iodef", "issuemail", "issuevmc"};

bool mentions(property const& p, issuer const& by) {
    auto const value = lower(p.value);
    return std::ranges::any_of(by.identities, [&](auto const& identity) {
        return value.find(identity) != std::string::npos;
    });
}

// Greater is nearer. Of those that permit, one for any account comes before one for an account,
// which may be another; of those that do not name the CA, one that was probably meant to.
std::pair<match, bool> nearness(property const& p, request const& r) {
    auto const is = match_of(p.issue, r);
    if (is == match::authorized) return {is, !has_parameter(p, account_parameter)};
    auto const mentioned = mentions(p, r.by);
    return {is < match::other_ca && mentioned ? match::other_ca : is, mentioned};
}

// The nearest level with records (RFC 8659 3), or a failure below it: the relevant RRset may be
// there. What lies above does not matter.
level const* deciding_level(std::vector<level> const& climb) {
    auto const found = std::ranges::find_if(climb, [](level const& l) {
        return l.is == level::content::failed || has_records(l);
    });
    return found == climb.end() ? nullptr : &*found;
}

bool is_missing_top(level const& l) {
    return l.is == level::content::missing && l.node.label_count() == 1;
}

decision failed_at(level const& l, std::string reason, std::string advice) {
    decision d;
    d.reason = std::move(reason);
    d.advice = std::move(advice);
    d.deciding = l;
    d.dnssec = l.dnssec;
    return d;
}

decision by_records(request const& r, level const& l) {
    auto const found = rule_on(l.records, r);
    decision d;
    d.is = found.permits() ? verdict::permitted : verdict::forbidden;
    d.reason = reason_of_ruling(r, l, found);
    if (!found.permits()) d.advice = advice_on_ruling(r, l, found);
    d.deciding = l;
    d.dnssec = l.dnssec;
    return d;
}

decision without_records(request const& r, std::vector<level> const& climb) {
    decision d;
    if (climb.empty()) {
        d.reason = "no look-up was made for the CAA records of " + domain_of(r) +
                   " and the names above it";
        return d;
    }
    auto const& top = climb.back();
    if (is_missing_top(top))
        return failed_at(top, reason_of_missing_top(climb), advice_on_missing_top(top));
    d.is = verdict::permitted;
    d.reason = reason_of_no_records(climb);
    d.dnssec = climb.front().dnssec;
    return d;
}

decision without_warnings(request const& r, std::vector<level> const& climb) {
    auto const* const l = deciding_level(climb);
    if (l == nullptr) return without_records(r, climb);
    if (has_records(*l)) return by_records(r, *l);
    return failed_at(*l, reason_of_failure(*l), advice_on_failure(*l));
}

} // namespace

bool is_unknown_critical(property const& p) {
    return is_critical(p) && std::ranges::find(known_tags, lower(p.tag)) == known_tags.end();
}

relevant_set filter(std::vector<property> const& records) {
    relevant_set set;
    for (auto const& p : records) {
        if (has_tag(p, "issue")) set.issue.push_back(&p);
        if (has_tag(p, "issuewild")) set.issuewild.push_back(&p);
        if (is_unknown_critical(p)) set.critical_unknown.push_back(&p);
    }
    return set;
}

applicable_records select(relevant_set const& set, bool wildcard) {
    if (wildcard && !set.issuewild.empty()) return {"issuewild", set.issuewild};
    return {"issue", set.issue};
}

ruling rule_on(std::vector<property> const& records, request const& r) {
    using rule = ruling::rule;
    auto const set = filter(records);
    if (!set.critical_unknown.empty()) return {rule::critical, {}, set.critical_unknown.front()};
    auto applicable = select(set, r.wildcard);
    if (applicable.records.empty())
        return {rule::unrestricted, applicable, records.empty() ? nullptr : &records.front()};
    auto const nearness_to_it = [&](property const* p) { return nearness(*p, r); };
    auto const* nearest = *std::ranges::max_element(applicable.records, {}, nearness_to_it);
    auto const is = match_of(nearest->issue, r);
    auto const by = is == match::authorized ? rule::authorized : rule::unauthorized;
    return {by, std::move(applicable), nearest, is};
}

std::string_view to_string(verdict v) {
    switch (v) {
    case verdict::permitted:
        return "permitted";
    case verdict::forbidden:
        return "forbidden";
    case verdict::error:
        break;
    }
    return "error";
}

decision decide(request const& r, std::vector<level> const& climb) {
    auto d = without_warnings(r, climb);
    d.warnings = warnings_about(r, climb, d);
    return d;
}

} // namespace acme_dns01::caa
