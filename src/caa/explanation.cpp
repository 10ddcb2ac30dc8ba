#include "caa/explanation.hpp"

#include "base/text.hpp"

namespace acme_dns01::caa {

namespace {

constexpr std::size_t text_length_max = 300;

std::string at(level const& l) {
    if (!is_alias(l)) return l.node.text();
    return l.node.text() + " (an alias of " + l.target.text() + ")";
}

std::string identity_of(request const& r) {
    if (r.by.identities.size() == 1) return r.by.identities.front();
    return r.by.identities.front() + " or another identity of " + r.by.name;
}

// RFC 8659 4.2 is about issue, 4.3 about all that concerns wildcards.
std::string clause(request const& r) { return r.wildcard ? "RFC 8659 4.3" : "RFC 8659 4.2"; }

std::string permission(request const& r, ruling const& found) {
    auto const account = has_parameter(*found.record, account_parameter);
    auto const method = has_parameter(*found.record, method_parameter);
    auto text = ", which permits " + found.record->issue.issuer;
    if (account) text += r.account_uri.empty() ? " for one account" : " for this account";
    if (method) text += " by " + r.method;
    if (r.wildcard && found.tag == "issue")
        text += ", also for wildcards, since there is no issuewild record";
    text += " (" + clause(r);
    if (account || method) text += ", RFC 8657 ";
    return text + (account && method ? "3 and 4" : account ? "3" : method ? "4" : "") + ")";
}

std::string why_no_method(property const& p) {
    auto const lists = values_of(p.issue, method_parameter);
    if (lists.size() > 1) return "has validationmethods twice and so permits no method";
    if (lists.front().empty()) return "has an empty validationmethods and so permits no method";
    return "has a malformed validationmethods and so does not permit the method";
}

std::string refusal(request const& r, ruling const& found) {
    switch (found.is) {
    case match::no_ca:
        return "which permits no CA (" + clause(r) + ")";
    case match::malformed:
        return "which is malformed (" + found.record->issue.malformed + ") and so permits no CA (" +
               clause(r) + ")";
    case match::invalid_account:
        return "which " + account_fault(found.record->issue);
    case match::other_account:
        return "which is for an account other than " + printable(r.account_uri, text_length_max) +
               " (RFC 8657 3)";
    case match::invalid_method:
        return "which " + why_no_method(*found.record) + " (RFC 8657 4)";
    default:
        return "which does not permit " + r.method + " (RFC 8657 4)";
    }
}

std::string prohibition(request const& r, ruling const& found) {
    auto const tag = std::string(found.tag);
    if (found.is == match::other_ca)
        return ", and no " + tag + " record names " + identity_of(r) + " (" + clause(r) + ")";
    auto const alone = found.applicable.size() == 1;
    auto const others = alone ? "" : ", and no other " + tag + " record permits it";
    return ", " + refusal(r, found) + others;
}

std::string objection(request const& r, property const& p) {
    if ((p.flags & critical_flag) != 0)
        return ", a critical property that " + r.by.name + " does not know (RFC 8659 4.5)";
    auto const takes = is_lets_encrypt(r.by) ? "treats as critical"
                                             : "may treat as critical, as Let's Encrypt does";
    return ", which " + r.by.name + " does not know and, because of flag 1, " + takes +
           " (RFC 8659 4.5)";
}

std::string no_restriction(request const& r, level const& l) {
    auto const others = l.records.size() - 1;
    auto const more = others == 0 ? "" : " and " + counted(others, "other record");
    auto const missing = r.wildcard ? "no issue or issuewild record" : "no issue record";
    return more + ", but " + missing + ": any CA may issue (RFC 8659 3)";
}

// As narrow as the record that came nearest.
restrictions restrictions_like(request const& r, ruling const& found) {
    if (found.is < match::invalid_account) return {};
    restrictions wanted;
    wanted.account = !r.account_uri.empty() && has_parameter(*found.record, account_parameter);
    wanted.method = has_parameter(*found.record, method_parameter);
    return wanted;
}

std::string command_for(request const& r, restrictions const& wanted) {
    auto text =
        "acme-dns01 caa allow " + shell_word(domain_of(r)) + " --issuer " + r.by.identities.front();
    if (wanted.account) text += " --account-uri " + shell_word(r.account_uri);
    if (wanted.method) text += " --method " + r.method;
    return text;
}

// The resolver says SERVFAIL where no name server gave an answer that it could use, and another
// code for itself alone.
std::string remedy_for(std::string_view failure, std::string const& place) {
    auto const says = [&](std::string_view word) { return failure.starts_with(word); };
    if (says("SERVFAIL"))
        return "check the DNSSEC of " + place +
               " first, then query each of its name servers for CAA: they may be failing or answer "
               "such queries wrongly";
    if (says("no answer"))
        return "check that the name servers of " + place +
               " are up and that no firewall drops queries for CAA: compare with queries for A and "
               "SOA";
    if (says("REFUSED") || says("NOTIMP") || says("FORMERR"))
        return "with --resolver, name a resolver that answers queries for CAA";
    if (says("a CAA record is malformed"))
        return "correct or remove the malformed CAA record at " + place;
    return "check the name servers of " + place +
           ": they may be wrongly delegated, unreachable or failing";
}

// `caa allow` may not reach the end of an alias, which is often in another owner's zone.
std::string how_to_permit(request const& r, level const& l, ruling const& found) {
    auto const wanted = restrictions_like(r, found);
    property const permitting{0, std::string(found.tag), permitting_value(r, wanted)};
    auto const begin = "add " + shown(permitting) + " at " + l.target.text() + ", or ";
    if (!is_alias(l) || l.node != r.domain) return begin + "run: " + command_for(r, wanted);
    return begin + "replace the alias: " + l.node.text() +
           " cannot have records of its own beside it";
}

} // namespace

explanation explain_ruling(request const& r, level const& l, ruling const& found) {
    auto const record = shown(*found.record);
    auto const begin = at(l) + " has " + record;
    auto const place = l.target.text();
    switch (found.by) {
    case ruling::rule::critical:
        return {
            begin + objection(r, *found.record),
            "remove " + record + " at " + place + ", or publish it with flags 0",
        };
    case ruling::rule::unrestricted:
        return {begin + no_restriction(r, l), {}};
    case ruling::rule::authorized:
        return {begin + permission(r, found), {}};
    case ruling::rule::unauthorized:
        break;
    }
    return {begin + prohibition(r, found), how_to_permit(r, l, found)};
}

explanation explain_failure(level const& l) {
    auto const why = l.failure.empty() ? "" : ": " + printable(l.failure, text_length_max);
    auto const place = l.target.text();
    if (l.dnssec == dns::dnssec::bogus) {
        return {
            "the CAA answer for " + at(l) +
                " fails DNSSEC validation, so no CA may issue (BR 3.2.2.8)" + why,
            "fix DNSSEC at " + place +
                ": its signatures, its DS record, and the proof that there is no CAA record",
        };
    }
    return {
        "the CAA look-up for " + at(l) +
            " got no usable answer, so nothing permits issuance (BR 3.2.2.8)" + why,
        remedy_for(l.failure, place),
    };
}

explanation explain_missing_top(level const& top) {
    auto const what = "there is no top-level domain " + top.node.text();
    return {
        what + " (NXDOMAIN): Let's Encrypt treats that as a failed look-up, unlike RFC 8659 3",
        "check the spelling of the domain",
    };
}

std::string reason_of_no_records(std::vector<level> const& climb) {
    auto const above = climb.size() == 1 ? "" : " or any name above it";
    return "no CAA record at " + at(climb.front()) + above + ": any CA may issue (RFC 8659 3)";
}

} // namespace acme_dns01::caa
