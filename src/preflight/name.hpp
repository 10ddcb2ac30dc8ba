#pragma once

#include "challenge/allow_list.hpp"
#include "dns/name.hpp"
#include "preflight/finding.hpp"
#include "preflight/subject.hpp"

#include <optional>

namespace acme_dns01::preflight {

// Whether a CA issues for a name of this form, and whether this host may touch it: pure.
findings check_name(subject const& s, challenge::allow_list const& allow);

// The public suffix that the name is, or that it is above; nothing for a name below one. By the
// ICANN part of the Public Suffix List, as CAs apply it (BR 3.2.2.6): domains of private companies
// in the list's other part (github.io) may have certificates.
std::optional<dns::name> public_suffix_at(dns::name const& of);

} // namespace acme_dns01::preflight
