#pragma once

#include "base/error.hpp"
#include "journal/database.hpp"

#include <string_view>

namespace acme_dns01::journal {

// Creates the journal's tables, or brings those of an older version up to date.
// error_kind::configuration for a journal of a newer version, which is left as it is.
result<void> prepare_tables(database& db);

// error_kind::configuration: the journal contains what no version of ours has written.
error damaged(database const& db, std::string_view what);

} // namespace acme_dns01::journal
