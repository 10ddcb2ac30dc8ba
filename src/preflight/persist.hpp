#pragma once

#include "persist/check.hpp"
#include "preflight/caa.hpp"
#include "preflight/finding.hpp"

namespace acme_dns01::preflight {

// The standing records of a domain, judged for the CA and account of the issuance: pure. Nothing
// where there is no record, unless dns-persist-01 is the method. A record that is not good is an
// error for that method; for any other it is a warning, since the issuance does not need it.
findings check_persist(persist::judgement const& found, issuance const& how);

} // namespace acme_dns01::preflight
