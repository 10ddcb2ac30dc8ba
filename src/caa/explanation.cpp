#include "caa/explanation.hpp"

#include "base/text.hpp"

#include <array>
#include <span>

namespace acme_dns01::caa {

namespace {

constexpr std::size_t failure_length_max = 300;
constexpr std::size_t nodes_named_max = 5;

std::string at(level const& l) {
    if (!is_alias(l)) return l.node.text();
    return l.node.text() + " (an alias of " + l.target.text() + ")";
}

std::string all_of(std::span<level const> levels) {
    auto text = at(levels.front());
    if (levels.size() > nodes_named_max)
        return text + " or any of the " + std::to_string(levels.size() - 1) + " names above it";
    for (std::size_t i = 1; i < levels.size(); ++i)
        text += (i + 1 == levels.size() ? " or " : ", ") + at(levels[i]);
    return text;
}

std::string identity_of(request const& r) {
    if (r.by.identities.empty()) return r.by.name;
    if (r.by.identities.size() == 1) return r.by.identities.front();
    return r.by.identities.front() + " or another name of " + r.by.name;
}

// RFC 8659 4.2 is about issue, 4.3 about all that concerns wildcards.
std::string clause(request const& r) { return r.wildcard ? "RFC 8659 4.3" : "RFC 8659 4.2"; }

std::string clauses_of_permission(request const& r, bool account, bool method) {
    auto const parameters = std::string(account && method ? "3 and 4" : account ? "3" : "4");
    return clause(r) + (account || method ? ", RFC 8657 " + parameters : "");
}

std::string permission(request const& r, ruling const& j) {
    auto const account = has_parameter(*j.record, account_parameter);
    auto const method = has_parameter(*j.record, method_parameter);
    auto text = ", which permits " + j.record->issue.issuer;
    if (account) text += r.account_uri.empty() ? " for one account" : " for this account";
    if (method) text += " by " + printable(r.method, failure_length_max);
    if (r.wildcard && j.applicable.tag == "issue")
        text += ", for wildcards too, as no issuewild record stands beside it";
    return text + " (" + clauses_of_permission(r, account, method) + ")";
}

std::string why_no_account(property const& p) {
    auto const uris = values_of(p.issue, account_parameter);
    if (uris.size() > 1) return "whose accounturi stands twice, so that it permits no account";
    if (uris.front().empty()) return "whose accounturi is empty, so that it permits no account";
    return "whose accounturi is no URI, so that it permits no account";
}

std::string why_no_method(property const& p) {
    auto const lists = values_of(p.issue, method_parameter);
    if (lists.size() > 1)
        return "whose validationmethods stands twice, so that it permits no method";
    if (lists.front().empty())
        return "whose validationmethods is empty, so that it permits no method";
    return "whose validationmethods is malformed, so that it does not permit the method";
}

std::string refusal(request const& r, ruling const& j) {
    switch (j.is) {
    case match::no_ca:
        return "which permits no CA (" + clause(r) + ")";
    case match::malformed:
        return "which is malformed (" + j.record->issue.malformed + ") and so permits no CA (" +
               clause(r) + ")";
    case match::invalid_account:
        return why_no_account(*j.record) + " (RFC 8657 3)";
    case match::other_account:
        return "which is for another account than " + printable(r.account_uri, failure_length_max) +
               " (RFC 8657 3)";
    case match::invalid_method:
        return why_no_method(*j.record) + " (RFC 8657 4)";
    case match::other_method:
        return "which does not permit " + printable(r.method, failure_length_max) + " (RFC 8657 4)";
    case match::other_ca:
    case match::authorized:
        break;
    }
    return {};
}

std::string prohibition(request const& r, ruling const& j) {
    auto const tag = std::string(j.applicable.tag);
    if (j.is == match::other_ca)
        return ", and no " + tag + " record names " + identity_of(r) + " (" + clause(r) + ")";
    auto const alone = j.applicable.records.size() == 1;
    auto const others = alone ? "" : ", and no other " + tag + " record permits it";
    return ", " + refusal(r, j) + others;
}

std::string objection(request const& r, property const& p) {
    if ((p.flags & critical_flag) != 0)
        return ", a critical property that " + r.by.name + " does not know (RFC 8659 4.5)";
    auto const takes = is_lets_encrypt(r.by) ? "takes for critical"
                                             : "may take for critical, as Let's Encrypt does";
    return ", which " + r.by.name + " does not know and, for its flag 1, " + takes +
           " (RFC 8659 4.5)";
}

std::string no_restriction(request const& r, level const& l) {
    auto const others = l.records.size() - 1;
    auto const more = others == 0 ? "" : " and " + counted(others, "other record");
    auto const missing = r.wildcard ? "no issue or issuewild record" : "no issue record";
    return more + ", but " + missing + ": any CA may issue (RFC 8659 3)";
}

constexpr std::size_t account_length_max = 300;

struct pins {
    bool account = false;
    bool method = false;
};

// As narrow as the record that came nearest.
pins pins_of(request const& r, ruling const& j) {
    if (j.is < match::invalid_account) return {};
    return {
        .account = !r.account_uri.empty() && has_parameter(*j.record, account_parameter),
        .method = has_parameter(*j.record, method_parameter),
    };
}

std::string command_for(request const& r, pins narrow) {
    auto text = "acme-dns01 caa allow " + shell_word(domain_of(r)) + " --issuer " +
                (r.by.identities.empty() ? r.by.name : r.by.identities.front());
    if (narrow.account)
        text += " --account-uri " + shell_word(printable(r.account_uri, account_length_max));
    if (narrow.method) text += " --method " + shell_word(printable(r.method, account_length_max));
    return text;
}

// Words of resolvers and servers, in lower case, and what the user can do about them.
struct remedy {
    std::string_view word;
    std::string_view advice;
};

constexpr std::array remedies{
    remedy{
        "servfail",
        "most often DNSSEC is broken, else its name servers are out of order or "
        "answer nonsense to questions for CAA: ask each for CAA"},
    remedy{
        "timeout",
        "something in front of its name servers drops questions for CAA: compare "
        "with questions for A and SOA"},
    remedy{
        "timed out",
        "something in front of its name servers drops questions for CAA: compare "
        "with questions for A and SOA"},
    remedy{
        "refused",
        "its name servers have to answer NOERROR without records to questions for "
        "types they do not know"},
    remedy{
        "notimp",
        "its name servers have to answer NOERROR without records to questions for "
        "types they do not know"},
    remedy{
        "formerr",
        "its name servers have to answer NOERROR without records to questions for "
        "types they do not know"},
    remedy{"truncated", "open TCP port 53 of its name servers, or publish fewer records"},
};

} // namespace

std::string reason_of_ruling(request const& r, level const& l, ruling const& j) {
    auto const begin = at(l) + " has " + shown(*j.record);
    switch (j.by) {
    case ruling::rule::critical:
        return begin + objection(r, *j.record);
    case ruling::rule::unrestricted:
        return begin + no_restriction(r, l);
    case ruling::rule::authorized:
        return begin + permission(r, j);
    case ruling::rule::unauthorized:
        break;
    }
    return begin + prohibition(r, j);
}

std::string reason_of_no_records(std::vector<level> const& climb) {
    return "no CAA record at " + all_of(climb) + ": any CA may issue (RFC 8659 3)";
}

std::string reason_of_failure(level const& l) {
    auto const why = l.failure.empty() ? "" : ": " + printable(l.failure, failure_length_max);
    if (l.dnssec == dns::dnssec::bogus) {
        return "what " + at(l) +
               " has for CAA fails DNSSEC validation, so that no CA may issue (BR 3.2.2.8)" + why;
    }
    return "the question for CAA at " + at(l) +
           " has no usable answer, so that no record can permit anything (BR 3.2.2.8)" + why;
}

std::string reason_of_missing_top(std::vector<level> const& climb) {
    auto const top = climb.back().node.text();
    auto const below = std::span(climb).first(climb.size() - 1);
    auto const begin = below.empty() ? "" : "no CAA record at " + all_of(below) + ", and ";
    return begin + top +
           " itself does not exist (NXDOMAIN), which Let's Encrypt takes for a failed look-up, "
           "unlike RFC 8659 3";
}

std::string advice_on_ruling(request const& r, level const& l, ruling const& j) {
    auto const record = shown(*j.record);
    auto const place = owner_of(l).text();
    if (j.by == ruling::rule::critical) {
        return "remove " + record + " at " + place + ", or publish it with flags 0";
    }
    auto const narrow = pins_of(r, j);
    property const wanted{
        0, std::string(j.applicable.tag), permitting_value(r, narrow.account, narrow.method)};
    return "add " + shown(wanted) + " at " + place + ", as this does: " + command_for(r, narrow);
}

std::string advice_on_failure(level const& l) {
    auto const place = owner_of(l).text();
    if (l.dnssec == dns::dnssec::bogus) {
        return "fix DNSSEC at " + place +
               ": its signatures, its DS record, and the proof that there is no CAA record";
    }
    auto const failure = lower(l.failure);
    for (auto const& r : remedies) {
        if (failure.find(r.word) != std::string::npos)
            return "look after " + place + ": " + std::string(r.advice);
    }
    return "look after " + place +
           ": its name servers may be wrongly delegated, out of reach or out of order";
}

std::string advice_on_missing_top(level const& l) {
    return "check the spelling of the domain: there is no top-level domain " + l.node.text();
}

} // namespace acme_dns01::caa
