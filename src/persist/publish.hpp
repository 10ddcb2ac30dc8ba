#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "digitalocean/client.hpp"
#include "journal/store.hpp"
#include "persist/check.hpp"
#include "persist/record.hpp"
#include "services/accounts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::persist {

// Standing records at the API. They are meant to stay: `sweep`, `cleanup` and adoption do not see
// the journal's rows of them (journal::standing_client).
//
// A creation is never doubled and never lost:
// - The row is written before the records are listed: of two processes at one name, one gives way.
// - The records of the name are listed before one is created: the record of a run that was killed
//   is found there, whatever its end was, and so is one that came twice.
// - The new record is there before those that it replaces go: there is always a good one.
// - The row goes when the record is known to be there, or known not to come. One whose request may
//   still arrive stays, and the next run at that name says so.

// A record to be published, or, without one, all of this CA and account to be removed.
struct wish {
    dns::name domain; // without "*."
    std::optional<record> wanted{};
    std::vector<std::string> issuers;      // of the CA
    std::vector<std::string> account_uris; // of the account, in every form
};

// What a wish changes among the TXT records of its name.
struct change {
    dns::name zone;
    dns::name fqdn;
    std::string value;                            // of the record that is wanted
    std::optional<std::int64_t> id{};             // of one that says the same already
    std::vector<digitalocean::record> replaced{}; // others of this CA and account
    std::vector<digitalocean::record> kept{};     // of other CAs and accounts
};

change change_for(
    wish const& w,
    dns::name const& zone,
    dns::name const& fqdn,
    std::vector<digitalocean::record> const& there
);

// What became of it. The id is there if a record was wanted.
struct published {
    change done;
    // Of the new record, from requests without a clear answer.
    std::vector<digitalocean::record> copies{};
    std::vector<std::int64_t> removed{};
    std::vector<std::int64_t> already_gone{};
    bool is_created = false;
};

class publisher {
public:
    // All but the log must outlive the publisher. `ttl` in seconds; without one, the zone's.
    publisher(
        services::accounts& all, journal::store& j, std::optional<std::int64_t> ttl, log notes
    )
        : accounts_(all), journal_(j), ttl_(ttl), log_(std::move(notes)) {}

    // What would be done. One API call, and one to find the zone unless it is remembered.
    // error_kind::zone_not_found.
    async_result<change> look(wish w);

    // Does it: one call more to create a record, and one for each that is removed.
    // error_kind::server_error if another process is at work at the name.
    async_result<published> publish(wish w);

private:
    struct place {
        services::account* account = nullptr;
        dns::name zone;
        dns::name fqdn;
        std::vector<digitalocean::record> records{};
    };
    async_result<place> find(wish const& w);
    async_result<void> list(place& at);
    async_result<void> list_in(place& at);
    async_result<published> publish_at(place at, wish const& w, std::int64_t key);
    async_result<published> create(place& at, change c, std::int64_t key);
    async_result<published> remove_replaced(place const& at, published p);
    result<void> give_way(dns::name const& fqdn, std::int64_t key);
    boost::asio::awaitable<void> settle(place const& at, std::int64_t key);
    boost::asio::awaitable<void> forget(std::int64_t key);

    services::accounts& accounts_;
    journal::store& journal_;
    std::optional<std::int64_t> ttl_;
    log log_;
};

} // namespace acme_dns01::persist
