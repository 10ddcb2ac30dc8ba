#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"
#include "journal/database.hpp"
#include "journal/entry.hpp"
#include "journal/group.hpp"
#include "journal/plans.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace acme_dns01::journal {

// Every failure is error_kind::configuration and names the file.
class store {
public:
    // Creates the folder (for its owner only) and the file if they are missing.
    static result<store> open(std::filesystem::path const& folder);
    // For hosts without a state folder: everything is forgotten when the process ends.
    static store in_memory();

    // False for in_memory(): other processes will not see what is written here.
    bool is_durable() const { return !folder_.empty(); }

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

    // Writes planned rows, as plans::add does. Their zones are not known and not written.
    result<void> plan(std::vector<intent> const& wanted);
    // Does nothing for no_row, and if the row is not planned any more.
    result<void> forget_planned(std::int64_t key);
    // The row is shown in state::removing from now on. It may be lost with the power.
    result<void> plan_removal(std::int64_t key);
    // Sets last_cleanup_follows in all rows of the run.
    result<void> expect_last_cleanup(run const& owner);

    // The key of the new row.
    result<std::int64_t> intend(intent const& i);
    result<void>
    created(std::int64_t key, std::int64_t id, possible_copies others = possible_copies::none);
    result<void> removing(std::int64_t key);
    // The same for a row that was read some time ago. False, and nothing is changed, if another
    // process has changed or removed the row since.
    result<bool> claim(entry const& seen);
    // Replaces the row `known` by one for `i`, which takes over its record. The new row's key;
    // empty if another process has changed or removed `known` since it was read.
    result<std::optional<std::int64_t>> adopt(entry const& known, intent const& i);
    // The record is gone, or was never made.
    result<void> forget(std::int64_t key);

    // The same steps for coroutines that run side by side: those that are ready together are
    // written together (group.hpp). Each returns when it is on the disk.
    async_result<std::int64_t> intend_with_others(intent const& i);
    async_result<void> created_with_others(
        std::int64_t key, std::int64_t id, possible_copies others = possible_copies::none
    );
    async_result<void> removing_with_others(std::int64_t key);
    async_result<bool> claim_with_others(entry const& seen);
    async_result<std::optional<std::int64_t>>
    adopt_with_others(entry const& known, intent const& i);
    async_result<void> forget_with_others(std::int64_t key);

    // All rows but those of standing_client, in the order they were intended; then the planned
    // ones, in theirs.
    result<std::vector<entry>> outstanding();
    // The rows of standing_client alone: creations that are under way or were never confirmed.
    result<std::vector<entry>> standing();

    // `account` is no secret: a fingerprint.
    result<std::optional<dns::zone_list>> zones_of(std::string_view account);
    result<void> remember_zones(std::string_view account, dns::zone_list const& known);
    result<void> forget_zones(std::string_view account);

private:
    // The folder is empty for a store in memory.
    store(database db, std::filesystem::path folder)
        : database_(std::move(db)), folder_(std::move(folder)) {}
    result<std::vector<entry>> rows(bool are_standing);
    bool has_plans() const;
    result<plans*> open_plans();
    // Each step is a change of the file, and of what would be left.
    result<std::int64_t> write_intent(intent const& i);
    result<void> write_created(std::int64_t key, std::int64_t id, possible_copies others);
    result<void> write_forgotten(std::int64_t key);
    result<std::optional<std::int64_t>> write_adoption(entry const& known, intent const& i);
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
    std::filesystem::path folder_;
    std::optional<plans> plans_;
    watcher watcher_;
    std::vector<entry> left_;
    group group_;
};

} // namespace acme_dns01::journal
