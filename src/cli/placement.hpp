#pragma once

#include "base/async_result.hpp"
#include "cli/session.hpp"

#include <optional>
#include <vector>

namespace acme_dns01::cli {

// The challenges with their fqdn where the CA will look: where the challenge name is an alias, at
// the alias' end, as the authoritative servers tell. One by a wildcard is none: a record at the
// name itself takes it out of the wildcard's reach. Where the DNS does not tell, and where only
// resolvers may be asked, the name itself stands. error_kind::zone_not_found for aliases that lead
// nowhere.
async_result<std::vector<challenge::dns01>>
placed(session& s, std::vector<challenge::dns01> challenges);

// The same for one that is to be removed; what the journal knows needs no question.
async_result<challenge::dns01> placed_unless_known(session& s, challenge::dns01 c);

// Removes a challenge's record from there; by its id where the client knows that.
async_result<challenge::cleaned> remove_placed(
    session& s, challenge::dns01 c, std::optional<challenge::record_id> id = std::nullopt
);

} // namespace acme_dns01::cli
