#pragma once

#include "base/error.hpp"
#include "digitalocean/record.hpp"
#include "dns/name.hpp"
#include "sandbox/account.hpp"

#include <boost/json/object.hpp>

namespace acme_dns01::sandbox {

// Which records the API accepts, and in which form it stores them: names relative to the zone,
// hosts without the final dot that requests must have, attributes that the type does not use as
// null. Every failure is error_kind::rejected; its message is the API's message with status 422.

result<digitalocean::record> new_record(boost::json::object const& body, zone const& z);

// Keys that the body lacks keep their value, for PUT as for PATCH; the type never changes.
result<digitalocean::record>
changed_record(digitalocean::record const& before, boost::json::object const& body, zone const& z);

// The same checks for a record in the form of the API's answers.
result<digitalocean::record> checked_record(digitalocean::record r, zone const& z);

} // namespace acme_dns01::sandbox
