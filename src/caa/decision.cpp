#include "caa/decision.hpp"

#include "base/text.hpp"
#include "caa/explanation.hpp"
#include "caa/warnings.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace acme_dns01::caa {

namespace {

constexpr std::string_view wildcard_prefix = "*.";
constexpr std::size_t domain_shown_max = 80;

error bad_domain(std::string const& what) {
    return {.kind = error_kind::usage, .message = "no certificate can be issued for " + what};
}

match match_of_account(issue_value const& v, std::string const& account) {
    auto const uris = values_of(v, account_parameter);
    if (!account_fault(v).empty()) return match::invalid_account;
    auto const is_theirs = uris.empty() || account.empty() || uris.front() == account;
    return is_theirs ? match::authorized : match::other_account;
}

// By the number of the method in BR 3.2.2.4 (CA/B ballot SC-098v2).
constexpr std::pair<std::string_view, std::string_view> numbered_methods[]{
    {"ca-tbr-7", "dns-01"},
    {"ca-tbr-19", "http-01"},
    {"ca-tbr-20", "tls-alpn-01"},
    {"ca-tbr-21", "dns-account-01"},
    {"ca-tbr-22", "dns-persist-01"},
};

bool means(std::string_view label, request const& r) {
    return r.rules == parameter_rules::binding &&
           std::ranges::any_of(numbered_methods, [&](auto const& m) {
               return m.first == label && m.second == r.method;
           });
}

// Let's Encrypt reads the list from left to right and stops at the method, or at a label that RFC
// 8657 4 does not allow.
match match_of_method(issue_value const& v, request const& r) {
    auto const lists = values_of(v, method_parameter);
    if (lists.empty()) return match::authorized;
    if (lists.size() > 1) return match::invalid_method;
    for (auto const& m : methods_in(lists.front())) {
        if (!is_method_label(m)) return match::invalid_method;
        if (m == r.method || means(m, r)) return match::authorized;
    }
    return match::other_method;
}

// As Let's Encrypt knows them: RFC 8659 4.4, RFC 9495, BIMI. It does not know contactemail and
// contactphone (BR appendix A).
constexpr std::array<std::string_view, 5> tags_of_cas{
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

decision decided_at(level const& l, verdict is, explanation why) {
    return {is, std::move(why.reason), std::move(why.advice), l, l.dnssec, {}};
}

decision without_warnings(request const& r, std::vector<level> const& climb) {
    auto const* const l = deciding_level(climb);
    auto const& top = climb.back();
    if (l == nullptr && top.is == level::content::missing)
        return decided_at(top, verdict::error, explain_missing_top(top));
    if (l == nullptr)
        return {verdict::permitted, reason_of_no_records(climb), {}, {}, climb.front().dnssec, {}};
    if (!has_records(*l)) return decided_at(*l, verdict::error, explain_failure(*l));
    auto const found = rule_on(l->records, r);
    auto const is = found.permits() ? verdict::permitted : verdict::forbidden;
    return decided_at(*l, is, explain_ruling(r, *l, found));
}

// Where the same records will lead to another verdict.
std::string change_to_come(request r, std::vector<level> const& climb, decision const& today) {
    if (r.rules != parameter_rules::of_today) return {};
    r.rules = parameter_rules::binding;
    auto const then = without_warnings(r, climb);
    if (then.is == today.is) return {};
    return "from 2027-03-15 on, " + std::string(to_string(then.is)) + ": " + then.reason;
}

} // namespace

parameter_rules rules_at(std::chrono::system_clock::time_point moment) {
    return moment < parameters_bind_from ? parameter_rules::of_today : parameter_rules::binding;
}

level const* deciding_level(std::vector<level> const& climb) {
    auto const found = std::ranges::find_if(climb, [](level const& l) {
        return l.is == level::content::failed || has_records(l);
    });
    return found == climb.end() ? nullptr : &*found;
}

result<request> make_request(std::string_view domain, issuer by) {
    auto const wildcard = domain.starts_with(wildcard_prefix);
    auto name = dns::name::parse(wildcard ? domain.substr(wildcard_prefix.size()) : domain);
    if (!name) return name.error();
    if (name->is_root()) return bad_domain("the root zone");
    auto const shown = in_quotes(domain, domain_shown_max);
    if (name->text().starts_with('*'))
        return bad_domain(shown + ": '*' may only be the whole first label");
    if (name->ends_in_number()) return bad_domain(shown + ": it is not a domain name");
    return request{.domain = std::move(*name), .wildcard = wildcard, .by = std::move(by)};
}

std::string domain_of(request const& r) {
    return (r.wildcard ? std::string(wildcard_prefix) : std::string()) + r.domain.text();
}

match match_of(issue_value const& v, request const& r) {
    if (!v.malformed.empty()) return match::malformed;
    if (v.issuer.empty()) return match::no_ca;
    if (std::ranges::count(r.by.identities, v.issuer) == 0) return match::other_ca;
    if (r.rules == parameter_rules::not_heeded) return match::authorized;
    auto const account = match_of_account(v, r.account_uri);
    if (account != match::authorized) return account;
    return match_of_method(v, r);
}

bool names(property const& p, issuer const& by) {
    return std::ranges::count(by.identities, p.issue.issuer) > 0;
}

std::string permitting_value(request const& r, restrictions const& wanted) {
    auto value = r.by.identities.front();
    if (wanted.account) value += ";" + std::string(account_parameter) + "=" + r.account_uri;
    if (wanted.method) value += ";" + std::string(method_parameter) + "=" + r.method;
    return value;
}

bool has_records(level const& l) { return l.is == level::content::records && !l.records.empty(); }

bool is_alias(level const& l) { return l.target != l.node; }

bool is_unknown_critical(property const& p) {
    return is_critical(p) && std::ranges::find(tags_of_cas, lower(p.tag)) == tags_of_cas.end();
}

std::vector<property const*> with_tag(std::vector<property> const& records, std::string_view tag) {
    std::vector<property const*> found;
    for (auto const& p : records) {
        if (has_tag(p, tag)) found.push_back(&p);
    }
    return found;
}

ruling rule_on(std::vector<property> const& records, request const& r) {
    using rule = ruling::rule;
    auto const critical = std::ranges::find_if(records, is_unknown_critical);
    if (critical != records.end()) return {.by = rule::critical, .record = &*critical};
    auto const wild = with_tag(records, "issuewild");
    auto const counts_wild = r.wildcard && !wild.empty();
    ruling found{.tag = counts_wild ? "issuewild" : "issue"};
    found.applicable = counts_wild ? wild : with_tag(records, found.tag);
    if (found.applicable.empty()) {
        if (!records.empty()) found.record = &records.front();
        return found;
    }
    auto const nearness_to_it = [&](property const* p) { return nearness(*p, r); };
    found.record = *std::ranges::max_element(found.applicable, {}, nearness_to_it);
    found.is = match_of(found.record->issue, r);
    found.by = found.is == match::authorized ? rule::authorized : rule::unauthorized;
    return found;
}

std::string_view to_string(verdict v) {
    if (v == verdict::permitted) return "permitted";
    return v == verdict::forbidden ? "forbidden" : "error";
}

decision decide(request const& r, std::vector<level> const& climb) {
    auto d = without_warnings(r, climb);
    d.warnings = warnings_about(r, climb, d);
    auto const later = change_to_come(r, climb, d);
    if (!later.empty()) d.warnings.push_back(later);
    return d;
}

} // namespace acme_dns01::caa
