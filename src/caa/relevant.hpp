#pragma once

#include "caa/property.hpp"

#include <string_view>
#include <vector>

namespace acme_dns01::caa {

// How a CA reads what the RFCs leave open, or read otherwise than Let's Encrypt, whose reading this
// is by default.
struct reading {
    bool takes_flag_1_for_critical = true;  // RFC 8659 4.1: reserved, to be ignored
    bool knows_issuemail_issuevmc = true;   // RFC 9495 and BIMI's; a TLS CA need not
    bool knows_contacts = false;            // contactemail, contactphone: BR appendix A
    bool folds_issuers = false;             // letter case
    bool has_hyphens_in_parameters = false; // RFC 8659 4.2
    bool has_nameless_parameters = true;    // RFC 8659 4.2 has not
    bool folds_parameter_names = false;     // letter case
    bool joins_methods = false;             // of two validationmethods
    bool checks_all_methods = false;        // RFC 8657 4: the whole list, not up to a match
    bool folds_methods = false;             // letter case
};

// The properties of a relevant RRset by what they do; those that do nothing are left out.
struct filtered {
    std::vector<property const*> issue;
    std::vector<property const*> issuewild;
    std::vector<property const*> critical_unknown;
};

// RFC 8659 4.2, 4.3 and 4.5. What it returns points into `records`.
filtered filter(std::vector<property> const& records, reading const& as = {});

// Those that speak of the request. RFC 8659 4.3: issuewild is ignored for a name that is no
// wildcard, and issue for a wildcard where there is any issuewild.
struct selected {
    std::string_view tag; // "issue" or "issuewild"
    std::vector<property const*> records;
};

selected select(filtered const& f, bool wildcard);

} // namespace acme_dns01::caa
