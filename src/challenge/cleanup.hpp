#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "challenge/account.hpp"
#include "challenge/allow_list.hpp"
#include "challenge/challenge.hpp"
#include "journal/store.hpp"

#include <cstdint>
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

void append(cleaned& all, cleaned const& more);

// Which rows of the journal a cleanup of this challenge is about: those of the very same domain,
// since a name and its wildcard may have equal values, wherever its record went; only where there
// is none, those of the same name and value.
std::vector<journal::entry> rows_to_clean(std::vector<journal::entry> const& rows, dns01 const& c);

// Removes challenge records, each by its id. The removal is journalled before its request leaves
// and the row goes once the record has. A record that is gone already is no failure, unless it was
// made with another token and this one's account does not have the zone. A row stays for
// late_limit, the default deadline and a minute, where a request to create its record may still
// arrive.
class cleaner {
public:
    static constexpr std::chrono::seconds late_limit{360};

    // All but the notes must outlive the cleaner. `allowed` is for ids, whose names are not known
    // beforehand.
    cleaner(account& a, journal::store& j, allow_list const& allowed, log notes)
        : account_(a), journal_(j), allowed_(allowed), log_(std::move(notes)) {}

    // By what the journal knows, or, of what it does not know, by exact name and value at the API.
    async_result<cleaned> remove(dns01 const& c);

    // By id. Where that turns out to be another challenge's record, as if there were no id; where
    // it is gone, nothing else is removed: a record with an equal value may be the wildcard's.
    async_result<cleaned> remove(record_id const& wanted, dns01 const& c);

    // By id. What the journal does not know as ours is read first: a record that is no TXT at a
    // challenge name is error_kind::usage and stays.
    async_result<cleaned> remove(record_id const& wanted);

    // What a row stands for, as it was read some time ago: nothing where another process has seen
    // to it since. error_kind::configuration where the name may not be touched.
    async_result<cleaned> sweep(journal::entry const& row);

private:
    async_result<cleaned> remove_row(journal::entry const& row);
    async_result<cleaned> remove_without_id(journal::entry const& row);
    async_result<cleaned> remove_unjournalled(dns01 const& c);
    // All with this value that no row knows as its own. A failure where `known` is a row without an
    // id and another run has one of the same value: the record may be either's.
    async_result<cleaned> remove_matching(
        dns::name const& zone,
        dns::name const& fqdn,
        std::string_view value,
        journal::entry const* known = nullptr
    );
    async_result<cleaned> remove_at_api(record_id const& wanted);
    // error_kind::zone_not_found where nothing can be said of the row's record with this token.
    async_result<void> check_account(journal::entry const& row);
    std::vector<journal::entry> rows();

    account& account_;
    journal::store& journal_;
    allow_list const& allowed_;
    log log_;
};

} // namespace acme_dns01::challenge
