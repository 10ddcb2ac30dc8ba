#include "preflight/caa.hpp"

#include "base/text.hpp"
#include "caa/survey.hpp"
#include "caa/warnings.hpp"

#include <algorithm>
#include <set>

namespace acme_dns01::preflight {

using climb = std::vector<caa::level>;

namespace {

constexpr auto correct_records = "change the CAA records if that is not what you want";

caa::decision decided(caa::request r, caa::parameter_rules rules, climb const& levels) {
    r.rules = rules;
    return caa::decide(r, levels);
}

std::string records_of(caa::decision const& d) {
    if (!d.deciding) return "no CAA record";
    std::vector<std::string> texts;
    for (auto const& p : d.deciding->records)
        texts.push_back(d.deciding->node.text() + " " + caa::shown(p));
    return printable(texts.empty() ? d.deciding->failure : joined(texts, ", "), evidence_max);
}

finding forbidden(caa::request const& r, climb const& levels, caa::decision const& d) {
    auto const e = caa::objection_of({r, levels, d});
    auto const domain = caa::domain_of(r) + ": ";
    auto f = wrong(check_id::caa, e, correct_records);
    f.message = e.message.substr(domain.size());
    f.evidence = records_of(d);
    return f;
}

// A CA that is not known to heed the parameters may issue today, and will have to heed them.
bool may_issue_today(caa::request const& r, climb const& levels) {
    if (r.by.honours_parameters) return false;
    return decided(r, caa::parameter_rules::not_heeded, levels).is == caa::verdict::permitted;
}

finding forbidden_later(caa::request const& r, caa::decision const& then) {
    return doubtful(
        check_id::caa,
        "from 2027-03-15 on CAA forbids " + r.by.name +
            " to issue, which is not known to act upon "
            "accounturi and validationmethods today: " +
            then.reason,
        records_of(then),
        then.advice.empty() ? correct_records : then.advice
    );
}

void add_warnings(caa::decision const& d, findings& found) {
    for (auto const& warning : d.warnings) {
        if (warning == caa::unproven) continue;
        found.push_back(doubtful(check_id::caa, warning, records_of(d), correct_records));
    }
}

findings for_issuer(caa::request const& r, climb const& levels) {
    using enum caa::verdict;
    auto const today = decided(r, caa::parameter_rules::of_today, levels);
    if (today.is == permitted) {
        auto const text = "CAA permits " + r.by.name + " to issue: " + today.reason;
        findings found{well(check_id::caa, text, records_of(today))};
        add_warnings(today, found);
        if (found.size() > 1) found.erase(found.begin());
        return found;
    }
    auto const then = decided(r, caa::parameter_rules::binding, levels);
    if (today.is == forbidden && then.is == forbidden && may_issue_today(r, levels))
        return {forbidden_later(r, then)};
    return {preflight::forbidden(r, levels, today)};
}

std::vector<caa::property const*> that_apply(caa::request const& r, climb const& levels) {
    auto const* const l = caa::deciding_level(levels);
    if (l == nullptr || !caa::has_records(*l)) return {};
    return caa::rule_on(l->records, r).applicable;
}

bool excludes(caa::property const& p, std::string const& method) {
    auto const lists = caa::values_of(p.issue, caa::method_parameter);
    if (lists.size() != 1) return !lists.empty();
    auto const methods = caa::methods_in(lists.front());
    return std::ranges::count(methods, method) == 0;
}

// Without a CA: those that the records name.
findings for_anyone(caa::request const& r, climb const& levels) {
    auto const d = caa::decide(r, levels);
    auto const applicable = that_apply(r, levels);
    std::set<std::string> named;
    auto by_method = false;
    for (auto const* p : applicable) {
        auto const is_other = excludes(*p, r.method);
        by_method = by_method || is_other;
        if (!p->issue.issuer.empty() && !is_other) named.insert(p->issue.issuer);
    }
    auto const cas = joined({named.begin(), named.end()}, ", ");
    if (!named.empty())
        return {well(check_id::caa, "CAA permits only these CAs to issue: " + cas, records_of(d))};
    // The last is Let's Encrypt's own way with top-level domains that do not exist.
    auto const is_missing = d.deciding && d.deciding->is == caa::level::content::missing;
    if (d.is == caa::verdict::permitted || is_missing)
        return {well(check_id::caa, "CAA permits any CA to issue", records_of(d))};
    if (d.is == caa::verdict::error) return {forbidden(r, levels, d)};
    auto const how = by_method ? "CAA permits no CA to issue by " + r.method
                               : std::string("CAA permits no CA to issue");
    auto const fix = "permit your CA, for instance by: acme-dns01 caa allow " +
                     shell_word(caa::domain_of(r)) + " --issuer letsencrypt.org";
    return {wrong(check_id::caa, error_kind::caa_forbidden, how, records_of(d), fix)};
}

} // namespace

findings check_caa(std::string const& domain, issuance const& how, climb const& levels) {
    caa::issuer nobody;
    nobody.name = "any CA";
    nobody.identities = {"invalid"};
    auto request = caa::make_request(domain, how.by.value_or(nobody));
    if (!request) return {wrong(check_id::caa, request.error(), "")};
    request->account_uri = how.account_uri;
    request->method = how.method;
    auto const* const l = caa::deciding_level(levels);
    if (l != nullptr && l->dnssec == dns::dnssec::bogus)
        return {not_checked(check_id::caa, "validators refuse the answers", check_id::dnssec)};
    return how.by ? for_issuer(*request, levels) : for_anyone(*request, levels);
}

} // namespace acme_dns01::preflight
