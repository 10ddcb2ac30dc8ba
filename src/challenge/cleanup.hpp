#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "challenge/allow_list.hpp"
#include "challenge/challenge.hpp"
#include "journal/store.hpp"
#include "services/accounts.hpp"
#include "services/resolvers.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace acme_dns01::challenge {

// A record by its zone and id, as certbot passes it from one hook to the other.
struct record_id {
    dns::name zone;
    std::int64_t id = 0;
    friend bool operator==(record_id const&, record_id const&) = default;
};

// "example.com/28448446". error_kind::usage.
result<record_id> parse_record_id(std::string_view text);

struct cleaned {
    std::vector<record_id> removed;
    std::vector<record_id> already_gone;
    void add(cleaned const& more);
};

// Several removals. A failure does not stop the others.
struct removals : cleaned {
    std::vector<error> failures;
    void add(result<cleaned> const& done);
    void add(removals const& more);
};

// The journal's rows for a cleanup of this challenge: those of the very same domain, wherever the
// record is, since a name and its wildcard may have equal values. Only if there is no such row,
// those of the same name and value. Planned rows do not count: their records were not asked for.
std::vector<journal::entry> rows_to_clean(std::vector<journal::entry> const& rows, dns01 const& c);

// Removes challenge records, each by its id and with its own account's token. The removal is
// journalled before its request leaves, and the row goes once the record has. A record that is gone
// already is no failure, unless it was created with another token and this one's account does not
// have the zone. A row stays for late_limit, the default deadline and a minute, if a request to
// create its record may still arrive.
class cleaner {
public:
    static constexpr std::chrono::seconds late_limit{360};
    // A record with an older row is read before it is removed. If it is no longer the one that was
    // created, it stays, and its row goes with a warning. No order waits so long for its cleanup,
    // whose two calls a name must not become three. A sweep trusts no row.
    static constexpr std::chrono::hours trust_limit{1};

    // All but the log must outlive the cleaner. `allowed` limits removals by id or row; the caller
    // has checked the names of challenges.
    cleaner(
        services::accounts& all,
        journal::store& j,
        services::resolvers& dns,
        allow_list const& allowed,
        log notes
    )
        : accounts_(all), journal_(j), resolvers_(dns), allowed_(allowed), log_(std::move(notes)) {}

    // By the journal's rows, or, without a row, by the exact effective name and value at the API.
    async_result<cleaned> remove(dns01 const& c);

    // By the id that the client knows. If that is another challenge's record, as if there were no
    // id. If it is gone, nothing else is removed: a record with an equal value may be the
    // wildcard's.
    async_result<cleaned> remove(record_id const& wanted, dns01 const& c);

    // By id alone. A record that is not in the journal is read first: it stays if it is not a TXT
    // record at a challenge name (error_kind::usage).
    async_result<cleaned> remove(record_id const& wanted);

    // A row as it was read some time ago: nothing is done if another process has changed it since.
    // error_kind::configuration if the name is not allowed. A planned row is merely forgotten.
    async_result<cleaned> remove(journal::entry row, std::chrono::seconds trust);

    // Several side by side; the results are in the order of what is removed.
    boost::asio::awaitable<removals>
    remove_all(std::vector<journal::entry> rows, std::chrono::seconds trust = trust_limit);
    boost::asio::awaitable<removals> remove_all(std::vector<dns01> challenges);
    boost::asio::awaitable<removals> remove_all(std::vector<record_id> wanted);

    allow_list const& allowed() const { return allowed_; }

private:
    async_result<cleaned>
    remove_row(journal::entry const& row, std::chrono::seconds trust = trust_limit);
    async_result<bool>
    is_another_record(services::account& in, journal::entry const& row, std::chrono::seconds trust);
    boost::asio::awaitable<void> announce_removal(journal::entry const& row);
    boost::asio::awaitable<void> forget(journal::entry const& row);
    async_result<cleaned> remove_unjournalled(dns01 const& c);
    // All with this value whose ids are in no row. Fails if `known`, a row, and a row without an id
    // of a living run have the same value: the record may be either's.
    async_result<cleaned> remove_matching(
        services::account& in,
        dns::name const& zone,
        dns::name const& fqdn,
        std::string_view value,
        journal::entry const* known = nullptr
    );
    async_result<cleaned> remove_at_api(services::account& in, record_id const& wanted);
    std::vector<journal::entry> rows();

    services::accounts& accounts_;
    journal::store& journal_;
    services::resolvers& resolvers_;
    allow_list const& allowed_;
    log log_;
};

} // namespace acme_dns01::challenge
