#pragma once

#include "dns/message.hpp"

#include <cstdint>
#include <vector>

namespace acme_dns01::sandbox {

// A whole message in wire format: what dns::query_wire writes, the header of an answer, and its
// records. Fails only for a record whose data does not fit its type.
result<std::vector<std::uint8_t>> to_wire(dns::message const& m);

} // namespace acme_dns01::sandbox
