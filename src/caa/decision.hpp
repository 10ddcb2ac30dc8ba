#pragma once

#include "base/error.hpp"
#include "caa/issuer.hpp"
#include "caa/record.hpp"
#include "dns/name.hpp"
#include "dns/validating_resolver.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::caa {

// How accounturi and validationmethods count (RFC 8657).
enum class parameter_rules {
    of_today,  // as if the CA acted upon them, with a warning if it is not known to
    binding,   // every CA has to, and to know the labels ca-tbr-<n>: from parameters_bind_from on
    not_heeded // as a CA does that ignores them
};

// By CA/B ballot SC-098v2.
constexpr std::chrono::sys_days parameters_bind_from =
    std::chrono::year(2027) / std::chrono::March / 15;

// The rules in force at a moment.
parameter_rules rules_at(std::chrono::system_clock::time_point moment);

// A certificate to be issued, and the CA.
struct request {
    dns::name domain; // without "*."
    bool wildcard = false;
    issuer by;
    std::string account_uri{};     // empty: not known
    std::string method = "dns-01"; // RFC 8657 4
    parameter_rules rules = parameter_rules::of_today;
};

// `*.example.com` is the wildcard of example.com. error_kind::usage for text that is not a domain
// name, and for an IP address, which CAA does not cover.
result<request> make_request(std::string_view domain, issuer by);

// "*.example.com".
std::string domain_of(request const& r);

// How one issue or issuewild record matches a request, from the farthest to the nearest.
enum class match {
    no_ca,           // an empty issuer (RFC 8659 4.2)
    malformed,       // counts as the same (RFC 8659 4.2)
    other_ca,        // compared byte by byte, as Let's Encrypt does
    invalid_account, // two accounturi, or one that is not a URI: matches no account (RFC 8657 3)
    other_account,   // (RFC 8657 3)
    invalid_method,  // two validationmethods, or a malformed list: matches no method (RFC 8657 4)
    other_method,    // (RFC 8657 4)
    authorized,      // also where the record is for one account, and the request's is not known
};

match match_of(issue_value const& v, request const& r);

// True for a record that names one of the CA's identities, whatever its parameters say.
bool names(property const& p, issuer const& by);

// How narrow a permission is to be.
struct restrictions {
    bool account = false;       // to the request's account
    bool method = false;        // to the request's method
    bool wildcard_only = false; // by issuewild; the request counts as one for the wildcard
};

// The value of a record that permits the request, without blanks, which not every DNS host keeps:
// letsencrypt.org;accounturi=<uri>;validationmethods=dns-01
std::string permitting_value(request const& r, restrictions const& wanted);

// The CAA records of one name of the climb, or the reason why there are none.
struct level {
    enum class content {
        records, // the nearest level of this kind decides
        nothing, // NOERROR without CAA records
        missing, // NXDOMAIN
        failed,  // no answer that a CA could use
    };
    dns::name node;
    content is = content::nothing;
    std::vector<property> records;
    // The name at the end of the node's aliases, which has the records; without one, the node.
    dns::name target;
    dns::dnssec dnssec = dns::dnssec::unknown;
    std::string failure; // of a failed one; not to be trusted
    // A fault of an answer that counts all the same.
    enum class flaw {
        none,
        no_soa,         // nothing says that there are no records (RFC 2308 2)
        only_caa_is_nx, // missing, if CAA is asked for, and only then
    };
    flaw has_flaw = flaw::none;
    friend bool operator==(level const&, level const&) = default;
};

bool has_records(level const& l);
bool is_alias(level const& l);

// The nearest level with records (RFC 8659 3), or a failure below it: the relevant RRset may be
// there. What lies above does not matter. nullptr where there is neither.
level const* deciding_level(std::vector<level> const& climb);

// A critical property with a tag that Let's Encrypt does not know (RFC 8659 4.5).
bool is_unknown_critical(property const& p);

// The records of that tag. The result points into `records`.
std::vector<property const*> with_tag(std::vector<property> const& records, std::string_view tag);

// The meaning of a relevant RRset for a request, and the rule. It points into the records.
struct ruling {
    enum class rule {
        critical,     // an unknown critical property forbids (RFC 8659 4.5)
        unrestricted, // no record applies to the request (RFC 8659 3)
        authorized,   // one record permits it whole (RFC 8659 4.2, 4.3; RFC 8657)
        unauthorized, // none does
    };
    rule by = rule::unrestricted;
    // Those that apply. issuewild is ignored for a name that is not a wildcard, and issue for a
    // wildcard where there is any issuewild (RFC 8659 4.3).
    std::string_view tag = {}; // "issue" or "issuewild"
    std::vector<property const*> applicable = {};
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
    // The change to make; empty if none is needed.
    std::string advice;
    // The level whose records decided, or whose look-up failed; nothing where no level has any.
    std::optional<level> deciding;
    // Of the deciding level; where there is none, of the domain's own.
    dns::dnssec dnssec = dns::dnssec::unknown;
    // Probable mistakes, and points on which another CA may decide otherwise: a sentence each.
    std::vector<std::string> warnings;
};

// The CA's decision, from the levels of the climb, the domain's own first, the TLD last (RFC
// 8659 3 and 4, RFC 8657 3 and 4; where they leave room, as Let's Encrypt does). There is at least
// one level.
decision decide(request const& r, std::vector<level> const& climb);

} // namespace acme_dns01::caa
