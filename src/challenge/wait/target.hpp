#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "challenge/allow_list.hpp"
#include "challenge/challenge.hpp"
#include "dns/message.hpp"
#include "dns/name.hpp"
#include "journal/store.hpp"
#include "services/accounts.hpp"
#include "services/resolvers.hpp"

#include <string>
#include <vector>

namespace acme_dns01::challenge {

// A record that has to be served. The value is in the form of dns::record.
struct target {
    dns::name zone;
    dns::name fqdn;
    std::string value;
    dns::record_type type = dns::record_type::txt;
    friend bool operator==(target const&, target const&) = default;
};

using targets = std::vector<target>;

targets targets_of(std::vector<journal::entry> const& records);

// All records in the journal that exist for certain.
result<targets> outstanding_targets(journal::store& journal);

// The places of these challenges' records, existing or not: from the journal, else the effective
// name from the DNS and its zone from the account.
async_result<targets> targets_for(
    services::accounts& all,
    journal::store& journal,
    services::resolvers& dns,
    allow_list const& allowed,
    std::vector<dns01> challenges,
    log notes
);

} // namespace acme_dns01::challenge
