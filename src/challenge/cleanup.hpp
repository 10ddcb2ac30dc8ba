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

// A record by its zone and id, as certbot carries it from one hook to the other.
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
};

// Several removals. A record that cannot be removed does not keep the others: the first failure is
// reported in the end.
struct removals : cleaned {
    std::optional<error> failure;

    void add(result<cleaned> const& done);
};

// Which rows of the journal a cleanup of this challenge is about: those of the very same domain,
// since a name and its wildcard may have equal values, wherever its record is; only where there is
// none, those of the same name and value.
std::vector<journal::entry> rows_to_clean(std::vector<journal::entry> const& rows, dns01 const& c);

// Removes challenge records, each by its id and with its own account's token. The removal is
// journalled before its request leaves, and the row goes once the record has. A record that is gone
// already is no failure, unless it was created with another token and this one's account does not
// have the zone. A row stays for late_limit, the default deadline and a minute, where a request to
// create its record may still arrive.
class cleaner {
public:
    static constexpr std::chrono::seconds late_limit{360};

    // All but the log must outlive the cleaner. `allowed` is for ids and rows, whose names the
    // caller has not checked.
    cleaner(
        services::accounts& all,
        journal::store& j,
        services::resolvers& dns,
        allow_list const& allowed,
        log notes
    )
        : accounts_(all), journal_(j), resolvers_(dns), allowed_(allowed), log_(std::move(notes)) {}

    // By the journal's rows, or, of a challenge that has none, by its exact effective name and
    // value at the API.
    async_result<cleaned> remove(dns01 const& c);

    // By the id that the client knows. Where that turns out to be another challenge's record, as if
    // there were no id; where it is gone, nothing else is removed: a record with an equal value may
    // be the wildcard's.
    async_result<cleaned> remove(record_id const& wanted, dns01 const& c);

    // By id alone. A record that the journal does not have is read first: if it is no TXT record at
    // a challenge name, it stays, and that is error_kind::usage.
    async_result<cleaned> remove(record_id const& wanted);

    // A row as it was read some time ago: nothing is done where another process has changed it
    // since. error_kind::configuration where the name may not be touched.
    async_result<cleaned> remove(journal::entry const& row);
    boost::asio::awaitable<removals> remove_all(std::vector<journal::entry> rows);

private:
    async_result<cleaned> remove_row(journal::entry const& row);
    async_result<cleaned> remove_without_id(services::account& in, journal::entry const& row);
    async_result<cleaned> remove_unjournalled(dns01 const& c);
    async_result<cleaned> remove_unjournalled_in(services::account& in, dns01 const& c);
    // All with this value that no row has as its own. A failure where `known` is a row without an
    // id and another run has one of the same value: the record may be either's.
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
