#pragma once

#include "base/error.hpp"
#include "digitalocean/record.hpp"
#include "dns/name.hpp"
#include "sandbox/account.hpp"

#include <boost/json/object.hpp>

namespace acme_dns01::sandbox {

// Which records the API takes, and in which form it keeps them: names relative to the zone, hosts
// without the final dot that they have to be sent with, attributes that the type does not use null.
// Every failure is error_kind::rejected, and its message is what the API says with a 422.

result<digitalocean::record> new_record(boost::json::object const& body, zone const& z);

// Keys that the body does not have stay as they are, for PUT as for PATCH; the type always stays.
result<digitalocean::record>
changed_record(digitalocean::record const& before, boost::json::object const& body, zone const& z);

// The same checks for a record in the form in which the API answers it.
result<digitalocean::record> checked_record(digitalocean::record r, zone const& z);

} // namespace acme_dns01::sandbox
