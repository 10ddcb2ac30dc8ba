#include "caa/warnings.hpp"

#include "base/text.hpp"
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

std::string here(level const& l, property const& p) { return shown(p) + " at " + l.target.text(); }

// The first of the records that name the CA, if all of them pass the test; nullptr otherwise.
property const*
if_all_of_ours(request const& r, ruling const& found, bool (*passes)(property const&)) {
    property const* first = nullptr;
    for (auto const* p : found.applicable) {
        if (!names(*p, r.by)) continue;
        if (!passes(*p)) return nullptr;
        if (first == nullptr) first = p;
    }
    return first;
}

bool is_restricted(property const& p) {
    return has_parameter(p, account_parameter) || has_parameter(p, method_parameter);
}

std::string not_enforced(request const& r, level const& l, ruling const& found) {
    auto const* const ours = if_all_of_ours(r, found, is_restricted);
    if (r.by.honours_parameters || ours == nullptr) return {};
    if (r.rules != parameter_rules::of_today) return {};
    return r.by.name +
           " is not known to act upon accounturi and validationmethods, as CAs must from "
           "2027-03-15 (CA/B ballot SC-098v2), and may issue despite " +
           here(l, *ours);
}

std::string account_not_known(request const& r, level const& l, ruling const& found) {
    if (found.by != ruling::rule::authorized || !r.account_uri.empty()) return {};
    if (!has_parameter(*found.record, account_parameter)) return {};
    return here(l, *found.record) +
           " permits one account only: give --account-uri to check whether it is yours";
}

bool pins_production(property const& p) {
    auto const uris = values_of(p.issue, account_parameter);
    return uris.size() == 1 && uris.front().starts_with(production);
}

std::string production_only(request const& r, level const& l, ruling const& found) {
    auto const* const ours = if_all_of_ours(r, found, pins_production);
    if (ours == nullptr) return {};
    return here(l, *ours) + " permits an account of Let's Encrypt's production CA only: its "
                            "staging CA (acme-staging-v02) will refuse tests";
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

std::string near_account(request const& r, level const& l, property const& p) {
    if (match_of(p.issue, r) != match::other_account) return {};
    auto const uri = values_of(p.issue, account_parameter).front();
    if (folded_uri(uri) != folded_uri(r.account_uri)) return {};
    return here(l, p) + " names this account in another spelling (letter case, final slash, "
                        "scheme, port or escapes), which counts as another account";
}

std::string method_left_out(request const& r, level const& l, property const& p) {
    auto const lists = values_of(p.issue, method_parameter);
    if (!names(p, r.by) || lists.size() != 1 || lists.front().empty()) return {};
    auto const methods = methods_in(lists.front());
    auto const has = [&](std::string_view m) { return std::ranges::count(methods, m) > 0; };
    if (has(r.method)) return {};
    auto const related = r.method == "dns-account-01" || r.method == "dns-persist-01";
    return here(l, p) + " does not list " + r.method +
           (related && has("dns-01") ? ", which dns-01 does not include" : "");
}

std::string open_plain_name(level const& l) {
    auto const wild = with_tag(l.records, "issuewild");
    auto const names_a_ca = [](property const* p) { return !p->issue.issuer.empty(); };
    if (!with_tag(l.records, "issue").empty() || std::ranges::none_of(wild, names_a_ca)) return {};
    return here(l, *wild.front()) +
           " restricts only wildcards: without an issue record, any CA may issue for the name "
           "itself";
}

// A set that restricts nothing hides one above it that does.
std::string
hidden_by(request const& r, std::vector<level> const& climb, level const& l, ruling const& found) {
    auto const above = std::ranges::find_if(climb, [&](level const& other) {
        return has_records(other) && other.node != l.node;
    });
    if (found.by != ruling::rule::unrestricted || above == climb.end()) return {};
    auto const hidden = rule_on(above->records, r);
    if (hidden.by == ruling::rule::unrestricted) return {};
    return here(l, *found.record) + " restricts nothing and hides " + here(*above, *hidden.record) +
           ", which would " + (hidden.permits() ? "permit" : "forbid") + " issuance";
}

sentences about_records(request const& r, std::vector<level> const& climb, level const& l) {
    auto const ruled = rule_on(l.records, r);
    auto found = disagreements(r, l.records, ruled);
    found.push_back(not_enforced(r, l, ruled));
    found.push_back(account_not_known(r, l, ruled));
    if (ruled.by == ruling::rule::unauthorized) {
        for (auto const* p : ruled.applicable) {
            found.push_back(near_account(r, l, *p));
            found.push_back(method_left_out(r, l, *p));
        }
    }
    found.push_back(production_only(r, l, ruled));
    found.push_back(open_plain_name(l));
    found.push_back(hidden_by(r, climb, l, ruled));
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
std::string no_soa(std::vector<level> const& climb, level const& l) {
    if (l.has_flaw != level::flaw::no_soa || l.node.label_count() == 1) return {};
    if (std::ranges::none_of(climb, says_nothing_is_there)) return {};
    return "the answer for " + l.node.text() +
           " has no CAA record, nor the SOA record that proves it (RFC 2308 2.2): Let's Encrypt "
           "accepts that, other CAs may treat it as a failure; fix its name servers";
}

std::string only_caa_is_nx(level const& l) {
    if (l.has_flaw != level::flaw::only_caa_is_nx) return {};
    return "the name servers of " + l.node.text() +
           " answer NXDOMAIN to queries for CAA, and only to those, although the name exists: "
           "Let's Encrypt treats that as no CAA records, other CAs may treat it as a failure; fix "
           "them";
}

std::string about_failure(level const& l) {
    auto const name = l.node.text();
    if (l.is == level::content::missing) {
        return "a CA that follows RFC 8659 3 to the letter treats " + name +
               " as a name without CAA records and would issue";
    }
    auto const is_unknown = l.dnssec == dns::dnssec::unknown;
    if (!is_unknown && l.dnssec != dns::dnssec::insecure) return {};
    auto const why = is_unknown ? "if " + name + " is not signed and fails again"
                                : "because " + name + " is proven not to be signed";
    return "another CA may issue " + why + " (BR 3.2.2.8); Let's Encrypt never does";
}

// A policy of Let's Encrypt that has nothing to do with CAA, and is checked before it.
constexpr std::size_t lets_encrypts_labels_max = 10;

sentences bounded(sentences const& all) {
    std::set<std::string_view> distinct{""};
    sentences first;
    for (auto const& s : all) {
        if (distinct.insert(s).second && first.size() < warnings_max) first.push_back(s);
    }
    auto const count = distinct.size() - 1;
    if (count > warnings_max)
        first.push_back("and " + counted(count - warnings_max, "more warning"));
    return first;
}

} // namespace

sentences warnings_about(request const& r, std::vector<level> const& climb, decision const& d) {
    sentences found;
    if (d.deciding && has_records(*d.deciding)) {
        found = about_records(r, climb, *d.deciding);
    } else if (d.deciding) {
        found.push_back(about_failure(*d.deciding));
    }
    // Of the levels that were passed on the way to the one that decides.
    for (auto const& l : climb) {
        if (d.deciding && l.node == d.deciding->node) break;
        found.push_back(no_soa(climb, l));
        found.push_back(only_caa_is_nx(l));
    }
    if (d.is != verdict::error && d.dnssec == dns::dnssec::unknown) found.emplace_back(unproven);
    if (is_lets_encrypt(r.by) && r.domain.label_count() > lets_encrypts_labels_max)
        found.emplace_back("Let's Encrypt does not issue for a name of more than 10 labels");
    return bounded(found);
}

} // namespace acme_dns01::caa
