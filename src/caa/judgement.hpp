#pragma once

#include "caa/authorization.hpp"
#include "caa/decision.hpp"
#include "caa/relevant.hpp"
#include "caa/request.hpp"

#include <vector>

namespace acme_dns01::caa {

// What a relevant RRset means to a request, and by which rule. It points into the records.
struct judgement {
    enum class rule {
        critical,     // an unknown critical property forbids (RFC 8659 4.5)
        unrestricted, // no record speaks of the request (RFC 8659 3)
        authorized,   // one record permits it whole (RFC 8659 4.2, 4.3; RFC 8657)
        unauthorized, // none does
    };
    rule by = rule::unrestricted;
    selected speaking;
    // The one that forbids or permits. Where none permits, the one that came nearest; where none
    // speaks of the request, the first of all.
    property const* record = nullptr;
    standing is = standing::authorized; // of the record, where the rule is one of the last two
    bool permits() const { return by == rule::unrestricted || by == rule::authorized; }
};

// For one record or more.
judgement judge(std::vector<property> const& records, request const& r, reading const& as = {});

} // namespace acme_dns01::caa
