#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "challenge/allow_list.hpp"
#include "challenge/challenge.hpp"
#include "dns/alias.hpp"
#include "services/resolvers.hpp"

#include <vector>

namespace acme_dns01::challenge {

// The challenges with their effective names, in their order: if a challenge name is an alias, the
// CA follows it, and the record belongs at its end. An alias made by a wildcard does not count,
// since a record at the name itself takes the name out of the wildcard's reach. The authoritative
// servers are asked. If they do not answer, or only resolvers can be reached, the name itself is
// taken. error_kind::zone_not_found for aliases that lead nowhere.
//
// Whose alias it is chooses where we write, maybe into another zone of the account or of another
// account. error_kind::configuration if the end of the alias is not allowed, or if nothing says
// which names are and a wildcard answers for the end: a record there would take the wildcard's data
// away. Nothing is lost at a challenge name.
boost::asio::awaitable<std::vector<result<dns01>>> effective_names(
    services::resolvers& by, allow_list const& allowed, std::vector<dns01> challenges, log notes
);

// Whether a record may be created where the challenge's aliases lead: error_kind::configuration if
// not.
result<void> check_end(allow_list const& allowed, dns01 const& c, dns::alias_chain const& chain);

// The same for one.
async_result<dns01>
effective_name(services::resolvers& by, allow_list const& allowed, dns01 c, log notes);

} // namespace acme_dns01::challenge
