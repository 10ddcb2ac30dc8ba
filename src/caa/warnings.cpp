#include "caa/warnings.hpp"

#include "base/text.hpp"
#include "caa/mistakes.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <string_view>

namespace acme_dns01::caa {

namespace {

using properties = std::vector<property const*>;
using sentences = std::vector<std::string>;

// A reason for which another CA interprets a record otherwise.
struct point {
    std::string_view who; // "a CA that ..."
    bool (*concerns)(property const& p, request const& r);
};

bool is_authorized(issue_value const& v, request const& r) {
    return match_of(v, r) == match::authorized;
}

bool is_critical_by_flag_1(property const& p, request const&) {
    return (p.flags & critical_flag) == 0;
}

bool is_contact(property const& p, request const&) {
    return has_tag(p, "contactemail") || has_tag(p, "contactphone");
}

bool is_critical_mail_or_mark(property const& p, request const&) {
    return is_critical(p) && (has_tag(p, "issuemail") || has_tag(p, "issuevmc"));
}

bool has_nameless_parameter(property const& p, request const&) { return has_parameter(p, ""); }

bool is_restricted_by_folded_names(property const& p, request const& r) {
    auto folded = p.issue;
    for (auto& parameter : folded.parameters)
        parameter.tag = lower(parameter.tag);
    return !is_authorized(folded, r);
}

bool has_invalid_method(property const& p, request const&) {
    auto const lists = values_of(p.issue, method_parameter);
    return std::ranges::any_of(lists, [](std::string const& list) {
        return !std::ranges::all_of(methods_in(list), is_method_label);
    });
}

bool permits_in_lower_case(property const& p, request const& r) {
    auto folded = p.issue;
    folded.issuer = lower(folded.issuer);
    return is_authorized(folded, r);
}

bool permits_with_hyphens(property const& p, request const& r) {
    return !p.issue.malformed.empty() && is_authorized(parse_issue_value(p.value, true), r);
}

bool fails_by_method(property const& p, request const& r) {
    auto const is = match_of(p.issue, r);
    return is == match::invalid_method || is == match::other_method;
}

bool permits_by_joined_lists(property const& p, request const& r) {
    auto const list = joined(values_of(p.issue, method_parameter), ",");
    return fails_by_method(p, r) && match_of_methods(list, r.method) == match::authorized;
}

bool permits_method_in_lower_case(property const& p, request const& r) {
    auto const lists = values_of(p.issue, method_parameter);
    return fails_by_method(p, r) && lists.size() == 1 &&
           match_of_methods(lower(lists.front()), r.method) == match::authorized;
}

constexpr point on_critical[]{
    {"ignores flag 1, as RFC 8659 4.1 requires,", is_critical_by_flag_1},
    {"knows contactemail and contactphone (BR appendix A)", is_contact},
};
constexpr point on_permitted[]{
    {"does not know issuemail (RFC 9495) or issuevmc", is_critical_mail_or_mark},
};
constexpr point on_authorized[]{
    {"treats a parameter without a name as malformed, as RFC 8659 4.2 does,",
     has_nameless_parameter},
    {"ignores the letter case of parameter names", is_restricted_by_folded_names},
    {"checks the whole list of validationmethods, as RFC 8657 4 does,", has_invalid_method},
};
constexpr point on_unauthorized[]{
    {"ignores the letter case of issuers", permits_in_lower_case},
    {"accepts hyphens in the names of parameters, as RFC 8659 4.2 does,", permits_with_hyphens},
    {"joins the lists of two validationmethods", permits_by_joined_lists},
    {"ignores the letter case of validation methods", permits_method_in_lower_case},
};

template <class Test>
sentences others_decide(std::span<point const> points, std::string_view verdict, Test differs) {
    sentences found;
    for (auto const& d : points) {
        if (differs(d))
            found.push_back(
                "a CA that " + std::string(d.who) + " decides: " + std::string(verdict)
            );
    }
    return found;
}

// Each of these records forbids, so that a CA has to see all of them otherwise.
sentences about_critical(request const& r, std::vector<property> const& records) {
    auto others = records;
    std::erase_if(others, is_unknown_critical);
    if (!rule_on(others, r).permits()) return {};
    auto const critical = filter(records).critical_unknown;
    return others_decide(on_critical, "permitted", [&](point const& d) {
        return std::ranges::all_of(critical, [&](auto const* p) { return d.concerns(*p, r); });
    });
}

// One record that a CA takes for authorized is enough.
sentences about_unauthorized(request const& r, properties const& applicable) {
    return others_decide(on_unauthorized, "permitted", [&](point const& d) {
        return std::ranges::any_of(applicable, [&](auto const* p) { return d.concerns(*p, r); });
    });
}

// One critical property that a CA does not know is enough; of the records that permit, a CA has to
// refuse all.
sentences about_permitted(
    request const& r, std::vector<property> const& records, properties const& applicable
) {
    auto found = others_decide(on_permitted, "forbidden", [&](point const& d) {
        return std::ranges::any_of(records, [&](auto const& p) { return d.concerns(p, r); });
    });
    if (applicable.empty()) return found;
    auto refused = others_decide(on_authorized, "forbidden", [&](point const& d) {
        return std::ranges::all_of(applicable, [&](auto const* p) {
            return !is_authorized(p->issue, r) || d.concerns(*p, r);
        });
    });
    std::ranges::move(refused, std::back_inserter(found));
    return found;
}

constexpr std::string_view production = "https://acme-v02.api.letsencrypt.org/";

std::string here(level const& l, property const& p) {
    return shown(p) + " at " + owner_of(l).text();
}

// The first of the records that name the CA, if all of them pass the test; nullptr otherwise.
property const*
if_all_of_ours(request const& r, ruling const& found, bool (*passes)(property const&)) {
    property const* first = nullptr;
    for (auto const* p : found.applicable.records) {
        if (!names(*p, r.by)) continue;
        if (!passes(*p)) return nullptr;
        if (first == nullptr) first = p;
    }
    return first;
}

bool is_restricted(property const& p) {
    return has_parameter(p, account_parameter) || has_parameter(p, method_parameter);
}

void add_not_enforced(sentences& to, request const& r, level const& l, ruling const& found) {
    auto const* const ours = if_all_of_ours(r, found, is_restricted);
    if (r.by.honours_parameters || ours == nullptr) return;
    to.push_back(
        r.by.name +
        " is not known to act upon accounturi and validationmethods, as CAs must from 2027-03-15 "
        "(CA/B ballot SC-098v2), and may issue despite them in " +
        here(l, *ours)
    );
}

void add_account_not_known(sentences& to, request const& r, level const& l, ruling const& found) {
    if (found.by != ruling::rule::authorized || !r.account_uri.empty()) return;
    if (!has_parameter(*found.record, account_parameter)) return;
    to.push_back(
        here(l, *found.record) +
        " permits one account only: give --account-uri to check whether it is yours"
    );
}

bool pins_production(property const& p) {
    auto const uris = values_of(p.issue, account_parameter);
    return uris.size() == 1 && uris.front().starts_with(production);
}

void add_production_only(sentences& to, request const& r, level const& l, ruling const& found) {
    auto const* const ours = if_all_of_ours(r, found, pins_production);
    if (ours == nullptr) return;
    to.push_back(
        here(l, *ours) + " permits an account of Let's Encrypt's production CA only: its "
                         "staging CA (acme-staging-v02) will refuse tests"
    );
}

// The URI as people read it: most of what it leaves out makes no difference by RFC 3986 6.2, and
// all of it does to a CA.
std::string folded_uri(std::string const& text) {
    auto const parsed = boost::urls::parse_uri(text);
    if (!parsed) return lower(text);
    boost::urls::url uri(*parsed);
    uri.normalize();
    if (uri.scheme_id() == boost::urls::scheme::http) uri.set_scheme_id(boost::urls::scheme::https);
    if (uri.port() == "443" || uri.port() == "80") uri.remove_port();
    auto folded = lower(std::string_view(uri.data(), uri.size()));
    while (folded.ends_with('/'))
        folded.pop_back();
    return folded;
}

void add_near_account(sentences& to, request const& r, level const& l, property const& p) {
    if (match_of(p.issue, r) != match::other_account) return;
    auto const uri = values_of(p.issue, account_parameter).front();
    if (folded_uri(uri) != folded_uri(r.account_uri)) return;
    to.push_back(
        here(l, p) + " differs from the account only in how it is written (letter case, a final "
                     "slash, scheme, port, an escape), and counts as another account"
    );
}

void add_method_left_out(sentences& to, request const& r, level const& l, property const& p) {
    auto const lists = values_of(p.issue, method_parameter);
    if (!names(p, r.by) || lists.size() != 1 || lists.front().empty()) return;
    auto const methods = methods_in(lists.front());
    auto const has = [&](std::string_view m) {
        return std::ranges::find(methods, m) != methods.end();
    };
    if (has(r.method)) return;
    auto text = here(l, p) + " leaves " + printable(r.method, shown_length_max) + " out";
    auto const related = r.method == "dns-account-01" || r.method == "dns-persist-01";
    if (related && has("dns-01")) text += ", which dns-01 does not include";
    to.push_back(std::move(text));
}

void add_misses(sentences& to, request const& r, level const& l, ruling const& found) {
    if (found.by != ruling::rule::unauthorized) return;
    for (auto const* p : found.applicable.records) {
        add_near_account(to, r, l, *p);
        add_method_left_out(to, r, l, *p);
    }
}

bool names_a_ca(property const* p) { return !p->issue.issuer.empty(); }

void add_open_plain_name(sentences& to, level const& l) {
    auto const set = filter(l.records);
    if (!set.issue.empty() || !std::ranges::any_of(set.issuewild, names_a_ca)) return;
    to.push_back(
        here(l, *set.issuewild.front()) +
        " restricts wildcards alone: without an issue record, any CA may issue for the name itself"
    );
}

// A set that restricts nothing hides one above it that does.
void add_hidden(sentences& to, request const& r, std::vector<level> const& climb, level const& l) {
    auto const found = rule_on(l.records, r);
    auto const above = std::ranges::find_if(climb, [&](level const& other) {
        return has_records(other) && other.node != l.node;
    });
    if (found.by != ruling::rule::unrestricted || above == climb.end()) return;
    auto const hidden = rule_on(above->records, r);
    if (hidden.by == ruling::rule::unrestricted) return;
    to.push_back(
        here(l, *found.record) + " restricts nothing and hides " + here(*above, *hidden.record) +
        ", which would have decided: " + (hidden.permits() ? "permitted" : "forbidden")
    );
}

sentences about_records(request const& r, std::vector<level> const& climb, level const& l) {
    auto const ruled = rule_on(l.records, r);
    auto found = disagreements(r, l.records, ruled);
    add_not_enforced(found, r, l, ruled);
    add_account_not_known(found, r, l, ruled);
    add_misses(found, r, l, ruled);
    add_production_only(found, r, l, ruled);
    add_open_plain_name(found, l);
    add_hidden(found, r, climb, l);
    for (auto const& p : l.records) {
        for (auto const& mistake : mistakes_in(p))
            found.push_back(here(l, p) + " " + mistake);
    }
    return found;
}

bool says_nothing_is_there(level const& l) {
    return (l.is == level::content::nothing || l.is == level::content::missing) &&
           l.has_flaw != level::flaw::no_soa;
}

// Where no answer has the SOA record, the resolver does not pass it on. No user can fix a top-level
// domain.
void add_no_soa(sentences& to, std::vector<level> const& climb, level const& l) {
    if (l.has_flaw != level::flaw::no_soa || l.node.label_count() == 1) return;
    if (!std::ranges::any_of(climb, says_nothing_is_there)) return;
    to.push_back(
        "the answer of " + l.node.text() +
        " has neither CAA records nor the SOA record that says there are none (RFC 2308 2.2): "
        "Let's Encrypt treats it as none, other CAs may treat it as a failure; fix its name servers"
    );
}

void add_only_caa_is_nx(sentences& to, level const& l) {
    if (l.has_flaw != level::flaw::only_caa_is_nx) return;
    to.push_back(
        "the name servers of " + l.node.text() +
        " say NXDOMAIN if asked for CAA, and only then, although the name exists: Let's Encrypt "
        "treats that as no CAA records, other CAs may treat it as a failure; fix them"
    );
}

// Of the levels that were passed on the way to the one that decides.
sentences about_flaws(std::vector<level> const& climb, decision const& d) {
    sentences found;
    for (auto const& l : climb) {
        if (d.deciding && l.node == d.deciding->node) break;
        add_no_soa(found, climb, l);
        add_only_caa_is_nx(found, l);
    }
    return found;
}

sentences about_failure(level const& l) {
    auto const name = l.node.text();
    if (l.is == level::content::missing) {
        return {
            "a CA that follows RFC 8659 3 to the letter treats " + name +
            " as a name without CAA records and decides: permitted"};
    }
    auto const is_unknown = l.dnssec == dns::dnssec::unknown;
    if (!is_unknown && l.dnssec != dns::dnssec::insecure) return {};
    auto const why = is_unknown ? "if " + name + " is not signed and fails again"
                                : "as " + name + " is proven not to be signed";
    return {"another CA may decide: permitted, " + why + " (BR 3.2.2.8); Let's Encrypt never does"};
}

constexpr auto unproven = "DNSSEC was not checked, because the resolver passes no signatures on: a "
                          "CA checks it and does not issue if it fails (BR 3.2.2.8)";

// A policy of Let's Encrypt that has nothing to do with CAA, and is checked before it.
constexpr std::size_t lets_encrypts_labels_max = 10;

sentences bounded(sentences const& all) {
    std::set<std::string_view> distinct;
    sentences first;
    for (auto const& s : all) {
        if (distinct.insert(s).second && first.size() < warnings_max) first.push_back(s);
    }
    if (distinct.size() > warnings_max)
        first.push_back("and " + counted(distinct.size() - warnings_max, "more warning"));
    return first;
}

} // namespace

sentences
disagreements(request const& r, std::vector<property> const& records, ruling const& found) {
    if (found.by == ruling::rule::critical) return about_critical(r, records);
    auto const& applicable = found.applicable.records;
    return found.permits() ? about_permitted(r, records, applicable)
                           : about_unauthorized(r, applicable);
}

sentences warnings_about(request const& r, std::vector<level> const& climb, decision const& d) {
    sentences found;
    if (d.deciding && has_records(*d.deciding)) {
        found = about_records(r, climb, *d.deciding);
    } else if (d.deciding) {
        found = about_failure(*d.deciding);
    }
    std::ranges::move(about_flaws(climb, d), std::back_inserter(found));
    if (d.is != verdict::error && d.dnssec == dns::dnssec::unknown) found.emplace_back(unproven);
    if (is_lets_encrypt(r.by) && r.domain.label_count() > lets_encrypts_labels_max)
        found.push_back("Let's Encrypt does not issue for a name of more than 10 labels");
    return bounded(found);
}

} // namespace acme_dns01::caa
