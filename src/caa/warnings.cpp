#include "caa/warnings.hpp"

#include "base/text.hpp"
#include "caa/disagreements.hpp"
#include "caa/mistakes.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

namespace acme_dns01::caa {

namespace {

using sentences = std::vector<std::string>;

constexpr std::string_view production = "https://acme-v02.api.letsencrypt.org/";

std::string here(level const& l, property const& p) {
    return shown(p) + " at " + owner_of(l).text();
}

std::vector<property const*> naming(request const& r, applicable_records const& applicable) {
    std::vector<property const*> found;
    for (auto const* p : applicable.records) {
        if (names(*p, r.by)) found.push_back(p);
    }
    return found;
}

bool is_restricted(property const* p) {
    return has_parameter(*p, account_parameter) || has_parameter(*p, method_parameter);
}

void add_not_enforced(sentences& to, request const& r, level const& l, ruling const& found) {
    auto const ours = naming(r, found.applicable);
    if (r.by.honours_parameters || ours.empty() || !std::ranges::all_of(ours, is_restricted))
        return;
    to.push_back(
        r.by.name +
        " is not known to act upon accounturi and validationmethods, as CAs must from 2027-03-15 "
        "(CA/B ballot SC-098v2), and may issue despite them in " +
        here(l, *ours.front())
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

bool pins_production(property const* p) {
    auto const uris = values_of(p->issue, account_parameter);
    return uris.size() == 1 && uris.front().starts_with(production);
}

void add_production_only(sentences& to, request const& r, level const& l, ruling const& found) {
    auto const ours = naming(r, found.applicable);
    if (ours.empty() || !std::ranges::all_of(ours, pins_production)) return;
    to.push_back(
        here(l, *ours.front()) + " permits an account of Let's Encrypt's production CA only: its "
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
void add_hidden(
    sentences& to,
    request const& r,
    std::vector<level> const& climb,
    level const& l,
    ruling const& found
) {
    if (found.by != ruling::rule::unrestricted) return;
    auto const above = std::ranges::find_if(climb, [&](level const& other) {
        return has_records(other) && other.node != l.node && l.node.is_within(other.node);
    });
    if (above == climb.end()) return;
    auto const hidden = rule_on(above->records, r);
    if (hidden.by == ruling::rule::unrestricted) return;
    to.push_back(
        here(l, *found.record) + " restricts nothing and hides " + here(*above, *hidden.record) +
        ", which would have decided: " + (hidden.permits() ? "permitted" : "forbidden")
    );
}

void add_mistakes(sentences& to, level const& l) {
    for (auto const& p : l.records) {
        for (auto const& mistake : mistakes_in(p))
            to.push_back(here(l, p) + " " + mistake);
    }
}

sentences about_records(request const& r, std::vector<level> const& climb, level const& l) {
    auto const j = rule_on(l.records, r);
    auto found = disagreements(r, l.records, j);
    add_not_enforced(found, r, l, j);
    add_account_not_known(found, r, l, j);
    add_misses(found, r, l, j);
    add_production_only(found, r, l, j);
    add_open_plain_name(found, l);
    add_hidden(found, r, climb, l, j);
    add_mistakes(found, l);
    return found;
}

bool says_nothing_is_there(level const& l) {
    return (l.is == level::content::nothing || l.is == level::content::missing) &&
           l.has_flaw != level::flaw::no_soa;
}

bool is_answered_without_soa(level const& l) {
    return l.has_flaw == level::flaw::no_soa && l.node.label_count() > 1;
}

// Where no answer has the SOA record, the resolver does not pass it on. No user can fix a top-level
// domain.
void add_no_soa(sentences& to, std::vector<level> const& climb, level const& l) {
    if (!is_answered_without_soa(l) || !std::ranges::any_of(climb, says_nothing_is_there)) return;
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
    if (l.is == level::content::missing) {
        return {
            "a CA that follows RFC 8659 3 to the letter treats " + l.node.text() +
            " as a name without CAA records and decides: permitted"};
    }
    if (l.dnssec == dns::dnssec::unknown) {
        return {
            "another CA may decide: permitted, if " + l.node.text() +
            " is not signed and fails again (BR 3.2.2.8); Let's Encrypt never does"};
    }
    if (l.dnssec != dns::dnssec::insecure) return {};
    return {
        "another CA may decide: permitted, as " + l.node.text() +
        " is proven not to be signed (BR 3.2.2.8); Let's Encrypt never does"};
}

constexpr auto unproven = "DNSSEC was not checked, because the resolver passes no signatures on: a "
                          "CA checks it and does not issue if it fails (BR 3.2.2.8)";

// Its policy of names, which has nothing to do with CAA, and is checked before it.
constexpr std::size_t lets_encrypts_labels_max = 10;

bool has_too_many_labels(request const& r) {
    return is_lets_encrypt(r.by) && r.domain.label_count() > lets_encrypts_labels_max;
}

sentences bounded(sentences const& all) {
    std::set<std::string_view> told;
    sentences first;
    for (auto const& s : all) {
        if (told.insert(s).second && first.size() < warnings_max) first.push_back(s);
    }
    if (told.size() > warnings_max)
        first.push_back("and " + counted(told.size() - warnings_max, "more warning"));
    return first;
}

} // namespace

std::vector<std::string>
warnings_about(request const& r, std::vector<level> const& climb, decision const& d) {
    sentences found;
    if (d.deciding && has_records(*d.deciding)) {
        found = about_records(r, climb, *d.deciding);
    } else if (d.deciding) {
        found = about_failure(*d.deciding);
    }
    std::ranges::move(about_flaws(climb, d), std::back_inserter(found));
    if (d.is != verdict::error && d.dnssec == dns::dnssec::unknown) found.emplace_back(unproven);
    if (has_too_many_labels(r))
        found.push_back("Let's Encrypt does not issue for a name of more than 10 labels");
    return bounded(found);
}

} // namespace acme_dns01::caa
