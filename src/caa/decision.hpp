#pragma once

#include "caa/lookup.hpp"
#include "caa/record.hpp"
#include "caa/request.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::caa {

// A critical property with a tag that Let's Encrypt does not know (RFC 8659 4.5).
bool is_unknown_critical(property const& p);

// The properties of a relevant RRset by what they do; those that do nothing are left out.
struct relevant_set {
    std::vector<property const*> issue;
    std::vector<property const*> issuewild;
    std::vector<property const*> critical_unknown;
};

// RFC 8659 4.2 and 4.3. The result points into `records`.
relevant_set filter(std::vector<property> const& records);

// Those that apply to the request: issuewild is ignored for a name that is not a wildcard, and
// issue for a wildcard where there is any issuewild (RFC 8659 4.3).
struct applicable_records {
    std::string_view tag; // "issue" or "issuewild"
    std::vector<property const*> records;
};

applicable_records select(relevant_set const& set, bool wildcard);

// What a relevant RRset means to a request, and by which rule. It points into the records.
struct ruling {
    enum class rule {
        critical,     // an unknown critical property forbids (RFC 8659 4.5)
        unrestricted, // no record applies to the request (RFC 8659 3)
        authorized,   // one record permits it whole (RFC 8659 4.2, 4.3; RFC 8657)
        unauthorized, // none does
    };
    rule by = rule::unrestricted;
    applicable_records applicable;
    // The one that forbids or permits. Where none permits, the one that came nearest; where none
    // applies, the first of all, or nullptr where there is none.
    property const* record = nullptr;
    match is = match::authorized; // of the record, where the rule is one of the last two
    bool permits() const { return by == rule::unrestricted || by == rule::authorized; }
};

ruling rule_on(std::vector<property> const& records, request const& r);

enum class verdict { permitted, forbidden, error };

std::string_view to_string(verdict v);

struct decision {
    verdict is = verdict::error;
    // One sentence that names the record, the level and the rule that decided.
    std::string reason;
    // What to change; empty where nothing needs to be.
    std::string advice;
    // The level whose records decided, or whose look-up failed; nothing where no level has any.
    std::optional<level> deciding;
    // Of the deciding level; where there is none, of the domain's own.
    dns::dnssec dnssec = dns::dnssec::unknown;
    // What is legal but surely not meant, and what another CA may see otherwise: a sentence each.
    std::vector<std::string> warnings;
};

// What the CA will decide, from the levels of the climb, the domain's own first, the TLD last (RFC
// 8659 3 and 4, RFC 8657 3 and 4; where they leave room, as Let's Encrypt does).
decision decide(request const& r, std::vector<level> const& climb);

} // namespace acme_dns01::caa
