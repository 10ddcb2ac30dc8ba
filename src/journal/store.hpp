#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"
#include "dns/name.hpp"
#include "journal/database.hpp"
#include "journal/group.hpp"
#include "process/process.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
//   there
//              is nothing to remove, and the zone, the account and the end of an alias are not
//              known yet.
//   intended   The request to create is about to leave, or its answer never came. After a crash the
//              record may exist under an unknown id: it is looked for by name and value.
//   created    The API answered with an id. After a crash the record exists.
//   removing   The request to delete is about to leave, or its answer never came, or a hook has
//   left
//              it to the last one of its order. After a crash the delete is sent again, and a 404
//              is success.
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
    std::int64_t key = no_row;
    state at = state::intended;
    std::optional<std::int64_t> id;
    std::chrono::system_clock::time_point since; // when the plan or the intent was written
    possible_copies others = possible_copies::none;
    // The last hook of the order has ended, so the client will call cleanup hooks to the last.
    bool last_cleanup_follows = false;
    bool is_adopted = false; // by this process, which found the record at the API; not in the file
};

// Every failure is error_kind::configuration and names the file.
class store {
public:
    // Creates the folder (for its owner only) and the file if they are missing.
    static result<store> open(std::filesystem::path const& folder);
    // For hosts without a state folder: everything is forgotten when the process ends.
    static store in_memory();

    // False for in_memory(): other processes will not see what is written here.
    bool is_durable() const { return durable_; }

    // Called at each step with what this process would leave if it ended now: the records that it
    // may have created, and those that it is removing.
    using watcher = std::function<void(std::vector<entry> const& left)>;
    void watch(watcher w) { watcher_ = std::move(w); }
    // This process deals with the record from now on: what it intends is known without this.
    void take_up(entry const& record);
    // The record is not at the API any more.
    void drop(dns::name const& zone, std::int64_t id);

    // Fails if nothing can be written at present. Nothing is.
    result<void> check_writable();

    // Writes planned rows, all or none. Their zones are not known and not written. Planned rows of
    // the same run that have no more challenges to come are an older order's, and go.
    result<void> plan(std::vector<intent> const& wanted);
    // Does nothing if the row is not planned any more.
    result<void> forget_planned(std::int64_t key);
    // Sets last_cleanup_follows in all rows of the run.
    result<void> expect_last_cleanup(run const& owner);

    // In the place of the planned row, if one is given and still there, else in a new row.
    result<std::int64_t> intend(intent const& i, std::int64_t planned = no_row);
    result<void>
    created(std::int64_t key, std::int64_t id, possible_copies others = possible_copies::none);
    result<void> removing(std::int64_t key);
    // The same for a row that was read some time ago. False, and nothing is changed, if another
    // process has changed or removed the row since.
    result<bool> claim(entry const& seen);
    // Replaces the row `known` by one for `i`, which takes over its record: the planned row, if one
    // is given and still there, else a new one. The row's key; empty if another process has changed
    // or removed `known` since it was read.
    result<std::optional<std::int64_t>>
    adopt(entry const& known, intent const& i, std::int64_t planned = no_row);
    // The record is gone, or was never made.
    result<void> forget(std::int64_t key);

    // The same steps for coroutines that run side by side: those that are ready together are
    // written together (group.hpp). Each returns when it is on the disk.
    async_result<std::int64_t> intend_with_others(intent const& i, std::int64_t planned = no_row);
    async_result<void> created_with_others(
        std::int64_t key, std::int64_t id, possible_copies others = possible_copies::none
    );
    async_result<void> removing_with_others(std::int64_t key);
    async_result<bool> claim_with_others(entry const& seen);
    async_result<std::optional<std::int64_t>>
    adopt_with_others(entry const& known, intent const& i, std::int64_t planned = no_row);
    async_result<void> forget_with_others(std::int64_t key);

    // All rows but those of standing_client, in the order they were planned or, without a plan,
    // intended.
    result<std::vector<entry>> outstanding();
    // The rows of standing_client alone: creations that are under way or were never confirmed.
    result<std::vector<entry>> standing();

    // `account` is no secret: a fingerprint.
    result<std::optional<dns::zone_list>> zones_of(std::string_view account);
    result<void> remember_zones(std::string_view account, dns::zone_list const& known);
    result<void> forget_zones(std::string_view account);

private:
    store(database db, bool durable) : database_(std::move(db)), durable_(durable) {}
    result<std::vector<entry>> rows(bool are_standing);
    // Each step is a change of the file, and of what would be left.
    result<std::int64_t> write_intent(intent const& i, std::int64_t planned);
    result<void> write_created(std::int64_t key, std::int64_t id, possible_copies others);
    result<void> write_forgotten(std::int64_t key);
    result<std::optional<std::int64_t>>
    write_adoption(entry const& known, intent const& i, std::int64_t planned);
    void note_intent(intent const& i, std::int64_t key, std::optional<std::int64_t> id = {});
    void note_created(std::int64_t key, std::int64_t id);
    void note_forgotten(std::int64_t key);
    void note_adoption(
        entry const& known, intent const& i, result<std::optional<std::int64_t>> const& key
    );
    template <class T>
    async_result<T> with_others(std::function<result<T>()> step);
    void tell();

    database database_;
    bool durable_;
    watcher watcher_;
    std::vector<entry> left_;
    group group_;
};

} // namespace acme_dns01::journal
