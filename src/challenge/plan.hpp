#pragma once

#include "base/error.hpp"
#include "challenge/challenge.hpp"
#include "challenge/cleanup.hpp"
#include "journal/store.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace acme_dns01::challenge {

// Orders that are planned first and then done at once. A client calls one hook after the other, so
// that requests made in each of them add up. A hook that knows that another one of its order
// follows therefore only writes a row to the journal, and the last hook creates the records of all
// rows side by side and waits for them together; removals likewise. Time then grows with the
// slowest name server, not with the number of names.
//
// The last hook finds the rows by the run they belong to. A plan has asked for nothing, so that
// nobody misses anything if the last hook never comes: the plan is forgotten. A record whose
// removal was left to a last hook that never comes is swept like any other.

// What a hook knows when it is called.
struct hook_call_facts {
    bool is_counted = false;    // the client says how many challenges are still to come
    std::int64_t remaining = 0; // how many
    bool has_challenge = false; // the call is about a DNS-01 challenge, and so about a record
    bool journal_is_lasting = false;
    bool client_is_certain = false; // all hooks of the order see the same process as their client
};

enum class part_in_order {
    alone, // does its own work, as if there were no others
    early, // leaves its work to the last
    last,  // does the work of all
};

part_in_order part_of(hook_call_facts const& known);

// The rows for these challenges, in place of their records.
result<void> plan(
    journal::store& journal,
    std::vector<dns01> const& challenges,
    journal::run const& owner,
    std::int64_t remaining
);

// The challenges that earlier hooks of the run have planned, in their order. Names and values are
// checked again. error_kind::usage for a row that was changed by hand.
result<std::vector<dns01>>
planned_challenges(std::vector<journal::entry> const& rows, journal::run const& owner);

// One call of a client's cleanup hook about one challenge.
struct cleanup_call {
    journal::run owner;
    dns01 about;
    std::int64_t remaining = 0;
    std::optional<record_id> record{}; // if the client knows it
};

// The rows of this very call among those of its run: by the record's id, else by the number of
// challenges to come, which tells two challenges with equal names and values apart; else all that
// are about the challenge.
std::vector<journal::entry>
rows_of_call(std::vector<journal::entry> const& rows, cleanup_call const& call);

// True if the removal of these rows may be left to the last cleanup hook: each is only planned, or
// the order's last hook has ended, so that the client calls cleanup hooks to the last. A client
// that is stopped earlier may skip the last one.
bool may_be_left_to_the_last(std::vector<journal::entry> const& rows);

// Marks the rows for the last cleanup hook. Planned ones are forgotten.
result<void> leave_to_the_last(journal::store& journal, std::vector<journal::entry> const& rows);

// The rows of a run that earlier cleanup hooks have left to the last one.
std::vector<journal::entry>
rows_left_to_the_last(std::vector<journal::entry> const& rows, journal::run const& owner);

} // namespace acme_dns01::challenge
