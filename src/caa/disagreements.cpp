#include "base/text.hpp"
#include "caa/warnings.hpp"

#include <algorithm>

namespace acme_dns01::caa {

namespace {

// How another CA reads a record: changed to what it means to Let's Encrypt in the other's eyes.
struct reading {
    std::string_view who; // "a CA that ..."
    void (*read)(property& p, request const& r);
};

void without_flag_1(property& p, request const&) { p.flags &= critical_flag; }

void with_contacts_known(property& p, request const&) {
    if (has_tag(p, "contactemail") || has_tag(p, "contactphone")) p.flags = 0;
}

void with_mail_and_mark_unknown(property& p, request const&) {
    if (has_tag(p, "issuemail") || has_tag(p, "issuevmc")) p.tag = "unknown";
}

void with_every_parameter_named(property& p, request const&) {
    if (has_parameter(p, "")) p.issue = {{}, {}, "a parameter without a name"};
}

void with_parameter_names_folded(property& p, request const&) {
    for (auto& parameter : p.issue.parameters)
        parameter.tag = lower(parameter.tag);
}

template <class Change>
void change_lists(property& p, Change change) {
    for (auto& parameter : p.issue.parameters) {
        if (parameter.tag == method_parameter) change(parameter.value);
    }
}

// A list that has anything else permits nothing.
void with_method_labels_only(property& p, request const&) {
    change_lists(p, [](std::string& list) {
        if (!std::ranges::all_of(methods_in(list), is_method_label)) list.clear();
    });
}

void with_issuer_folded(property& p, request const& r) {
    for (auto const& identity : r.by.identities) {
        if (lower(identity) == lower(p.issue.issuer)) p.issue.issuer = identity;
    }
}

void with_hyphens(property& p, request const&) {
    if (!p.issue.malformed.empty()) p.issue = parse_issue_value(p.value, true);
}

void with_lists_joined(property& p, request const&) {
    auto const lists = values_of(p.issue, method_parameter);
    std::erase_if(p.issue.parameters, [](auto const& one) { return one.tag == method_parameter; });
    if (!lists.empty())
        p.issue.parameters.push_back({std::string(method_parameter), joined(lists, ",")});
}

void with_methods_folded(property& p, request const&) {
    change_lists(p, [](std::string& list) { list = lower(list); });
}

constexpr reading readings[]{
    {"ignores flag 1, as RFC 8659 4.1 requires,", without_flag_1},
    {"knows contactemail and contactphone (BR appendix A)", with_contacts_known},
    {"does not know issuemail (RFC 9495) or issuevmc", with_mail_and_mark_unknown},
    {"treats a parameter without a name as malformed, as RFC 8659 4.2 does,",
     with_every_parameter_named},
    {"ignores the letter case of parameter names", with_parameter_names_folded},
    {"checks the whole list of validationmethods, as RFC 8657 4 does,", with_method_labels_only},
    {"ignores the letter case of issuers", with_issuer_folded},
    {"accepts hyphens in the names of parameters, as RFC 8659 4.2 does,", with_hyphens},
    {"joins the lists of two validationmethods", with_lists_joined},
    {"ignores the letter case of validation methods", with_methods_folded},
};

} // namespace

std::vector<std::string>
disagreements(request const& r, std::vector<property> const& records, ruling const& found) {
    std::vector<std::string> sentences;
    for (auto const& other : readings) {
        auto read = records;
        for (auto& p : read)
            other.read(p, r);
        if (rule_on(read, r).permits() == found.permits()) continue;
        auto const what = found.permits() ? " would not issue" : " would issue";
        sentences.push_back("a CA that " + std::string(other.who) + what);
    }
    return sentences;
}

} // namespace acme_dns01::caa
