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

error bad_domain(std::string_view text, std::string_view why) {
    return {
        .kind = error_kind::usage,
        .message =
            "no certificate can be issued for '" + printable(text, 80) + "': " + std::string(why),
    };
}

bool is_one_of(std::string const& issuer, std::vector<std::string> const& identities) {
    return std::ranges::find(identities, issuer) != identities.end();
}

match match_of_account(issue_value const& v, std::string const& account) {
    auto const uris = values_of(v, account_parameter);
    if (uris.empty()) return match::authorized;
    if (uris.size() > 1 || !is_account_uri(uris.front())) return match::invalid_account;
    if (account.empty() || uris.front() == account) return match::authorized;
    return match::other_account;
}

match match_of_method(issue_value const& v, std::string const& method) {
    auto const lists = values_of(v, method_parameter);
    if (lists.empty()) return match::authorized;
    if (lists.size() > 1) return match::invalid_method;
    return match_of_methods(lists.front(), method);
}

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

bool is_missing_top(level const& l) {
    return l.is == level::content::missing && l.node.label_count() == 1;
}

decision decided_at(level const& l, verdict is, explanation why) {
    return {is, std::move(why.reason), std::move(why.advice), l, l.dnssec, {}};
}

decision without_warnings(request const& r, std::vector<level> const& climb) {
    if (climb.empty()) {
        decision d;
        d.reason = "no look-up was made for the CAA records of " + domain_of(r) +
                   " and the names above it";
        return d;
    }
    auto const* const l = deciding_level(climb);
    auto const& top = climb.back();
    if (l == nullptr && is_missing_top(top))
        return decided_at(top, verdict::error, explain_missing_top(climb));
    if (l == nullptr)
        return {verdict::permitted, reason_of_no_records(climb), {}, {}, climb.front().dnssec, {}};
    if (!has_records(*l)) return decided_at(*l, verdict::error, explain_failure(*l));
    auto const found = rule_on(l->records, r);
    auto const is = found.permits() ? verdict::permitted : verdict::forbidden;
    return decided_at(*l, is, explain_ruling(r, *l, found));
}

} // namespace

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
    if (name->is_root()) return bad_domain(domain, "it is the root");
    if (name->text().starts_with('*')) {
        return bad_domain(domain, "'*' may only be the whole first label");
    }
    if (name->ends_in_number()) return bad_domain(domain, "it is not a domain name");
    return request{.domain = std::move(*name), .wildcard = wildcard, .by = std::move(by)};
}

std::string domain_of(request const& r) {
    return (r.wildcard ? std::string(wildcard_prefix) : std::string()) + r.domain.text();
}

match match_of(issue_value const& v, request const& r) {
    if (!v.malformed.empty()) return match::malformed;
    if (v.issuer.empty()) return match::no_ca;
    if (!is_one_of(v.issuer, r.by.identities)) return match::other_ca;
    auto const account = match_of_account(v, r.account_uri);
    if (account != match::authorized) return account;
    return match_of_method(v, r.method);
}

match match_of_methods(std::string_view list, std::string_view method) {
    for (auto const& m : methods_in(list)) {
        if (!is_method_label(m)) return match::invalid_method;
        if (m == method) return match::authorized;
    }
    return match::other_method;
}

bool names(property const& p, issuer const& by) { return is_one_of(p.issue.issuer, by.identities); }

std::string permitting_value(request const& r, restrictions const& wanted) {
    auto value = r.by.identities.empty() ? std::string() : r.by.identities.front();
    if (wanted.account) value += ";" + std::string(account_parameter) + "=" + r.account_uri;
    if (wanted.method) value += ";" + std::string(method_parameter) + "=" + r.method;
    return value;
}

bool has_records(level const& l) { return l.is == level::content::records && !l.records.empty(); }

bool is_alias(level const& l) { return !l.target.is_root() && l.target != l.node; }

dns::name const& owner_of(level const& l) { return is_alias(l) ? l.target : l.node; }

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
    if (v == verdict::permitted) return "permitted";
    return v == verdict::forbidden ? "forbidden" : "error";
}

decision decide(request const& r, std::vector<level> const& climb) {
    auto d = without_warnings(r, climb);
    d.warnings = warnings_about(r, climb, d);
    return d;
}

} // namespace acme_dns01::caa
