#pragma once

#include "base/log.hpp"
#include "challenge/cleanup.hpp"
#include "digitalocean/client.hpp"
#include "journal/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace acme_dns01::challenge {

// Takes back what was created before a failure. A record that cannot be removed is a warning: the
// failure itself is what gets reported.

// The records that a run has created for these challenges: those `made`, and those of which the
// journal has only the intent.
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

// Records that the journal does not have, of a client of the API.
boost::asio::awaitable<void>
undo_ids(digitalocean::client& api, dns::name zone, std::vector<std::int64_t> made, log notes);

} // namespace acme_dns01::challenge
