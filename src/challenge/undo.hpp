#pragma once

#include "base/log.hpp"
#include "challenge/cleanup.hpp"
#include "digitalocean/client.hpp"
#include "journal/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <vector>

namespace acme_dns01::challenge {

// Removes the records that were created before a failure. A record that cannot be removed is a
// warning, since the failure itself is reported.

// The records that a run has created for these challenges: those `made`, and those that the journal
// has only as intended.
boost::asio::awaitable<void> undo(
    cleaner& by,
    journal::store& journal,
    std::vector<dns01> challenges,
    std::vector<journal::entry> made,
    journal::run owner,
    log notes
);

// Every record of a run.
boost::asio::awaitable<removals> undo_run(cleaner& by, journal::store& journal, journal::run owner);

// Records that are not in the journal, by their ids.
boost::asio::awaitable<void>
undo_ids(digitalocean::client& api, dns::name zone, std::vector<std::int64_t> made, log notes);

} // namespace acme_dns01::challenge
