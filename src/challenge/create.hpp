#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "challenge/challenge.hpp"
#include "journal/store.hpp"
#include "services/account.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace acme_dns01::challenge {

// True for the record that this intent creates, whatever its id.
bool is_the_record(digitalocean::record const& r, journal::intent const& wanted);

// Creates the challenge records of one presentation in one account, each journalled before its
// request leaves.
class creator {
public:
    // `ttl` in seconds. The account and the journal must outlive the creator.
    creator(services::account& a, journal::store& j, log notes, std::int64_t ttl)
        : account_(a), journal_(j), log_(std::move(notes)), ttl_(ttl) {}

    // Returns the record's journal entry; a planned row becomes it. A record of the same challenge
    // that an ended run left behind is adopted if it still exists. A record that certainly was not
    // created leaves no row. Nothing is created if the public DNS has a zone of its own below the
    // account's: error_kind::zone_not_found. `remaining` is for a challenge that was not planned.
    async_result<journal::entry>
    create(dns01 const& c, journal::run const& owner, std::int64_t remaining);

    // The zone that the record belongs into. error_kind::zone_not_found.
    async_result<dns::name> zone_for(dns01 const& c);

private:
    using maybe_entry = std::optional<journal::entry>;

    boost::asio::awaitable<void> forget(std::int64_t key);
    std::vector<journal::entry> leftovers_of(journal::intent const& wanted);
    async_result<maybe_entry> adopt_leftover(journal::intent const& wanted, std::int64_t planned);
    async_result<journal::entry> create_anew(journal::intent wanted, std::int64_t planned);

    services::account& account_;
    journal::store& journal_;
    log log_;
    std::int64_t ttl_;
    std::optional<std::vector<journal::entry>> rows_; // of the journal, when the first was created
};

} // namespace acme_dns01::challenge
