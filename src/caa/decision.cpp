#include "caa/decision.hpp"

#include "caa/advice.hpp"
#include "caa/judgement.hpp"
#include "caa/reason.hpp"
#include "caa/warning.hpp"

namespace acme_dns01::caa {

namespace {

decision of_failure(level const& l) {
    decision d;
    d.reason = reason_of_failure(l);
    d.advice = advice_on_failure(l);
    d.deciding = l;
    d.dnssec = l.dnssec;
    return d;
}

decision of_missing_top(std::vector<level> const& climb) {
    auto const& l = climb.back();
    decision d;
    d.reason = reason_of_missing_top(climb);
    d.advice = advice_on_missing_top(l);
    d.deciding = l;
    d.dnssec = l.dnssec;
    return d;
}

decision of_records(request const& r, level const& l) {
    auto const j = judge(l.records, r);
    decision d;
    d.is = j.permits() ? verdict::permitted : verdict::forbidden;
    d.reason = reason_of_judgement(r, l, j);
    if (!j.permits()) d.advice = advice_on_judgement(r, l, j);
    d.deciding = l;
    d.dnssec = l.dnssec;
    return d;
}

decision of_no_records(std::vector<level> const& climb) {
    decision d;
    d.is = verdict::permitted;
    d.reason = reason_of_no_records(climb);
    d.dnssec = climb.front().dnssec;
    return d;
}

decision of_nothing_asked(request const& r) {
    decision d;
    d.reason = "nothing is known of the CAA records of " + domain_of(r) + " and the names above it";
    return d;
}

bool is_missing_top(level const& l) {
    return l.is == level::content::missing && l.node.label_count() == 1;
}

decision without_warnings(request const& r, std::vector<level> const& climb) {
    for (auto const& l : climb) {
        if (l.is == level::content::failed) return of_failure(l);
        if (has_records(l)) return of_records(r, l);
    }
    if (climb.empty()) return of_nothing_asked(r);
    return is_missing_top(climb.back()) ? of_missing_top(climb) : of_no_records(climb);
}

} // namespace

bool is_alias(level const& l) { return !l.target.is_root() && l.target != l.node; }

dns::name const& owner_of(level const& l) { return is_alias(l) ? l.target : l.node; }

bool has_records(level const& l) { return l.is == level::content::records && !l.records.empty(); }

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
