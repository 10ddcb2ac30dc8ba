#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "challenge/account.hpp"
#include "challenge/challenge.hpp"
#include "journal/store.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace acme_dns01::challenge {

// A challenge record as it stands at the API.
struct presented {
    dns::name zone;
    std::int64_t id = 0;
    std::string name; // relative to the zone
    dns::name fqdn;
    std::string value;
    bool created = true; // false: it was there already and was adopted
};

// Creates challenge records, each journalled before its request leaves.
class presenter {
public:
    // `ttl` in seconds. The account and the journal must outlive the presenter.
    presenter(account& a, journal::store& j, log notes, std::int64_t ttl)
        : account_(a), journal_(j), log_(std::move(notes)), ttl_(ttl) {}

    // A record of the same challenge that a dead run left behind is adopted if it is still there.
    // What is certain not to exist leaves no row in the journal. Nothing is created where the
    // public DNS has a zone of its own below the account's: error_kind::zone_not_found.
    async_result<presented>
    present(dns01 const& c, journal::run const& owner, std::int64_t remaining);

private:
    using maybe_presented = std::optional<presented>;

    async_result<dns::name> zone_for(dns01 const& c);
    async_result<maybe_presented> adopt_leftover(journal::intent const& wanted);
    async_result<presented> create(journal::intent wanted);
    bool is_known(journal::intent const& wanted, std::int64_t id);

    account& account_;
    journal::store& journal_;
    log log_;
    std::int64_t ttl_;
};

} // namespace acme_dns01::challenge
