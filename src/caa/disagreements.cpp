#include "caa/disagreements.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace acme_dns01::caa {

namespace {

using properties = std::vector<property const*>;
using sentences = std::vector<std::string>;

// What about a record makes another CA interpret it otherwise.
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

bool is_critical_mail_or_mark(property const& p) {
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

std::string sentence(std::string_view who, std::string_view decides) {
    return "a CA that " + std::string(who) + " decides: " + std::string(decides);
}

// Each of these records forbids, so that a CA has to see all of them otherwise.
sentences about_critical(request const& r, std::vector<property> const& records) {
    auto others = records;
    std::erase_if(others, is_unknown_critical);
    if (!rule_on(others, r).permits()) return {};
    sentences told;
    for (auto const& d : on_critical) {
        auto const is_excused = [&](property const* p) { return d.concerns(*p, r); };
        if (std::ranges::all_of(filter(records).critical_unknown, is_excused))
            told.push_back(sentence(d.who, "permitted"));
    }
    return told;
}

// One record that a CA takes for authorized is enough.
sentences about_unauthorized(request const& r, properties const& applicable) {
    sentences told;
    for (auto const& d : on_unauthorized) {
        auto const permits = [&](property const* p) { return d.concerns(*p, r); };
        if (std::ranges::any_of(applicable, permits)) told.push_back(sentence(d.who, "permitted"));
    }
    return told;
}

// One critical property that a CA does not know is enough; of the records that permit, a CA has to
// refuse all.
sentences about_permitted(
    request const& r, std::vector<property> const& records, properties const& applicable
) {
    sentences told;
    if (std::ranges::any_of(records, is_critical_mail_or_mark))
        told.push_back(sentence("does not know issuemail (RFC 9495) or issuevmc", "forbidden"));
    if (applicable.empty()) return told;
    for (auto const& d : on_authorized) {
        auto const is_refused = [&](property const* p) {
            return !is_authorized(p->issue, r) || d.concerns(*p, r);
        };
        if (std::ranges::all_of(applicable, is_refused))
            told.push_back(sentence(d.who, "forbidden"));
    }
    return told;
}

} // namespace

sentences
disagreements(request const& r, std::vector<property> const& records, ruling const& found) {
    if (found.by == ruling::rule::critical) return about_critical(r, records);
    auto const& applicable = found.applicable.records;
    return found.permits() ? about_permitted(r, records, applicable)
                           : about_unauthorized(r, applicable);
}

} // namespace acme_dns01::caa
