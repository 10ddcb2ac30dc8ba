#pragma once

#include "base/clock.hpp"
#include "dns/name.hpp"
#include "journal/database.hpp"
#include "process/process.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::journal {

// What this host created at the API and has not yet removed. A hook's present and cleanup are two
// processes, and either may die at any moment: what was created is written here before the request
// leaves, so that a crash leaves nothing that cannot be found again.
//
//   intended   the request to create is about to leave, or its answer never came
//   created    the API answered with an id
//   removing   the request to delete is about to leave, or its answer never came
//
// A removed record has no row. The file is `journal.sqlite` in the state folder.
enum class state { intended, created, removing };

std::string_view to_string(state s);

// The run of an ACME client that a record was created for. Its hooks are processes of their own,
// so it is known by the process that started them and by what the client says of its order.
struct run {
    std::string client; // "certbot", "present", ...
    process_id process; // the client's
    std::string order;  // tells one order of that process from the next; may be empty
    friend bool operator==(run const&, run const&) = default;
};

// Records like the one that was meant, from requests to create it that had no clear end.
enum class twins {
    none,
    possible, // the API has had its say: they are there by now, or never will be
    late,     // no answer came in time: one may still come into being
};

struct intent {
    std::string domain; // as the client named it: "*.example.com"
    dns::name zone;
    dns::name fqdn;
    std::string value;
    run owner;
    std::int64_t remaining = 0; // how many challenges of the order the client says are yet to come
    std::string account{};      // whose token made it: a fingerprint, no secret; may be unknown
};

struct entry : intent {
    std::int64_t key = 0;
    state at = state::intended;
    std::optional<std::int64_t> id;
    std::chrono::system_clock::time_point since; // when the intent was written
    twins others = twins::none;
    bool is_adopted = false; // by this process, which found the record at the API; not in the file
};

// A listing of an account's zones, remembered between processes for a short while.
struct remembered_zones {
    std::vector<dns::name> zones;
    bool is_complete = true; // false: the account has more than are worth listing
    std::chrono::system_clock::time_point since;
};

// Every failure is error_kind::configuration and names the file.
class store {
public:
    // Makes the folder (for its owner alone) and the file where they are missing.
    static result<store> open(std::filesystem::path const& folder);
    // For hosts without a state folder: everything works within one process and is then forgotten.
    static store in_memory();

    // False for in_memory(): other processes will not see what is written here.
    bool is_durable() const { return durable_; }

    result<std::int64_t> intend(intent const& i);
    result<void> created(std::int64_t key, std::int64_t id, twins others = twins::none);
    result<void> removing(std::int64_t key);
    // The same for a row that was read some time ago: false, and nothing changed, where another
    // process has done something to it since.
    result<bool> claim(entry const& seen);
    // One row for another: `known`, whose record with this id is from now on that of `i`. Nothing
    // where another process has changed or removed that row since it was read.
    result<std::optional<std::int64_t>> adopt(entry const& known, intent const& i);
    // The record is gone, or was never made.
    result<void> forget(std::int64_t key);

    // All rows, in the order they were intended.
    result<std::vector<entry>> outstanding();

    // `account` is no secret: a fingerprint.
    result<std::optional<remembered_zones>> zones_of(std::string_view account);
    result<void> remember_zones(
        std::string_view account, std::vector<dns::name> const& zones, bool is_complete = true
    );
    result<void> forget_zones(std::string_view account);

private:
    store(database db, bool durable) : database_(std::move(db)), durable_(durable) {}
    result<void> prepare();
    result<void> in_transaction(std::function<result<void>()> const& work);
    result<std::int64_t> version();
    result<void> upgrade();

    database database_;
    bool durable_;
};

} // namespace acme_dns01::journal
