#pragma once

#include "journal/database.hpp"
#include "journal/entry.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace acme_dns01::journal {

// The records that the hooks of an order leave to its last hook, to create them or to remove them.
//
// A plan has asked for nothing, and is of no use once its client has ended. A power failure ends
// the client too: so plans are not flushed to the disk, unlike the journal, and need a file of
// their own, `plans.sqlite` in the state folder. A flush takes 0.1 to 5 ms, and a hook that plans
// in the journal needs five of them. A file that a power failure has damaged is replaced by an
// empty one.
class plans {
public:
    static std::filesystem::path file_in(std::filesystem::path const& folder);
    // The folder exists. Every failure is error_kind::configuration and names the file.
    static result<plans> open(std::filesystem::path const& folder);
    static plans in_memory();

    // All or none. Plans of the same run that have no more challenges to come are an older order's,
    // and go.
    result<void> add(std::vector<intent> const& wanted);
    // Does nothing if there is no such plan any more.
    result<void> forget(std::int64_t key);
    // In the order of add(), with state::planned. Keys are negative, unlike those of the journal.
    result<std::vector<entry>> all();

    // The record with this key in the journal is to be removed.
    result<void> add_removal(std::int64_t record);
    result<void> forget_removals(std::vector<std::int64_t> const& records);
    result<std::vector<std::int64_t>> removals();

private:
    explicit plans(database db) : database_(std::move(db)) {}

    database database_;
};

} // namespace acme_dns01::journal
