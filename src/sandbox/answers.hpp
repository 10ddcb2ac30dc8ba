#pragma once

#include "dns/message.hpp"
#include "sandbox/options.hpp"
#include "sandbox/zone_snapshot.hpp"

#include <cstdint>
#include <vector>

namespace acme_dns01::sandbox {

// The answers of name servers, from the question and the published zones. No I/O.

// How many CNAME records are followed at most.
constexpr std::size_t chain_length_max = 16;

// An authoritative server's answer: REFUSED outside the zones; CNAME chains as far as they lead
// through the zones; wildcards; a referral below a delegation.
dns::message authoritative_answer(zone_snapshot const& published, dns::message const& query);

// A recursive resolver's answer. Nothing exists for it but the published zones, the name servers'
// own addresses and the names above both.
dns::message recursive_answer(
    zone_snapshot const& published,
    std::vector<name_server> const& servers,
    dns::message const& query
);

// An answer without any records.
dns::message empty_answer(dns::message const& query, dns::response_code code);

// The answer in wire format. Over UDP, one larger than the client accepts is emptied and marked as
// truncated. An answer that cannot be encoded becomes SERVFAIL.
std::vector<std::uint8_t> encoded(dns::message answer, dns::message const& query, bool over_tcp);

} // namespace acme_dns01::sandbox
