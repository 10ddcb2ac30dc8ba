#pragma once

#include "journal/store.hpp"
#include "preflight/finding.hpp"
#include "services/state_folder.hpp"

#include <vector>

namespace acme_dns01::preflight {

// Whether the state folder is safe and can be written, the journal can be read, and whether runs
// that have ended have left records behind.
findings check_state(services::state_folder& state);

// Of the journal's rows, those that a sweep would remove: pure.
findings
check_rows(std::vector<journal::entry> const& rows, std::vector<journal::entry> const& left);

} // namespace acme_dns01::preflight
