#pragma once

#include "dns/name.hpp"
#include "process/process.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::journal {

// The records that this host has created at the API and not yet removed.
//
// Why there is a journal. Most clients run the hook that creates a record and the hook that removes
// it as two processes, minutes apart, and give the second one a name and a value, not the record's
// id. Either may be killed at any moment, several may run at once, the disk may be full, the power
// may fail. The journal makes sure that cleanup removes exactly the records that we created, by id,
// and that a record that may exist at the API has a row by which `cleanup` or `sweep` finds it.
//
// So a row is on the disk before the request that it describes leaves, and it is deleted after the
// request that removes the record was answered:
//
//   planned    A hook has left the record to the last hook of its order. Nothing was asked for:
//              there is nothing to remove, and the zone, the account and the end of an alias are
//              not known yet. These rows are in a file of their own (plans.hpp).
//   intended   The request to create is about to leave, or its answer never came. After a crash the
//              record may exist under an unknown id: it is looked for by name and value.
//   created    The API answered with an id. After a crash the record exists.
//   removing   The request to delete is about to leave, or its answer never came, or a hook has
//              left it to the last one of its order. After a crash the delete is sent again, and a
//              404 is success.
//
// A crash between two steps leaves the row in the earlier state, which never claims more than is
// true. If the journal itself fails, the record is created all the same, with a warning: cleanup
// looks for it by name and value. A row names the run that it belongs to, so that a sweep leaves
// the records of a living client alone; of two processes that want a row, one gets it (claim).
//
// The file is `journal.sqlite` in the state folder, with synchronous=FULL: a step takes 0.5 ms on
// an ext4 virtual disk, four steps a challenge; steps that are ready together share that time
// (group.hpp). SQLite's rollback journal stays beside it (journal_mode=PERSIST): to make and to
// remove that file at each step took another 0.5 ms. SQLite does the locking between processes, the
// recovery after a crash and the upgrade of the table.
// Designs that were not taken:
//
//   A file for each record, renamed into place: needs a flush of the folder, a lock for claim and
//   adopt, and a rule for files that are half written.
//   An append-only log: the fastest (0.15 ms a step), but needs locking, compaction and a check of
//   its tail.
//   The id in CERTBOT_AUTH_OUTPUT alone: only certbot has it, and it is lost with a hook that dies
//   before its answer comes. It is used where it exists.
//   No state, but a search by name and value: one more request for each record, takes another
//   client's equal record for ours, and misses names that are not asked for again. It is the way
//   without a state folder.
enum class state { planned, intended, created, removing };

std::string_view to_string(state s);

// The run of an ACME client that a record was created for. Its hooks are separate processes, so a
// run is identified by the process that started them and by what the client says about its order.
struct run {
    std::string client; // "certbot", "present", ...
    process_id process; // the client's
    std::string order;  // distinguishes the orders of that process; may be empty
    friend bool operator==(run const&, run const&) = default;
};

// The client of a run whose records are meant to stay. Its rows are apart from all others, so that
// whatever removes what is outstanding leaves them alone.
inline constexpr std::string_view standing_client = "persist";

// Copies of a record, from requests to create it that had no clear end. (The database calls the
// column `twins`.)
enum class possible_copies {
    none,
    possible, // the API has answered since: they exist by now, or never will
    late,     // no answer came in time: one may still come into being
};

// The key of a record whose row could not be written. Steps that name it change nothing.
inline constexpr std::int64_t no_row = 0;

struct intent {
    std::string domain; // as the client named it: "*.example.com"
    dns::name zone;
    dns::name fqdn;
    std::string value;
    run owner;
    std::int64_t remaining = 0; // how many challenges of the order are still to come
    std::string account{};      // a fingerprint of the token, no secret; empty if unknown
};

struct entry : intent {
    std::int64_t key = no_row; // negative for a planned row
    state at = state::intended;
    std::optional<std::int64_t> id;
    std::chrono::system_clock::time_point since; // when the plan or the intent was written
    possible_copies others = possible_copies::none;
    // The last hook of the order has ended, so the client will call cleanup hooks to the last.
    bool last_cleanup_follows = false;
    bool is_adopted = false; // by this process, which found the record at the API; not in the file
};

} // namespace acme_dns01::journal
