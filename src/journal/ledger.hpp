#pragma once

#include "base/error.hpp"
#include "journal/database.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace acme_dns01::journal {

// At most so many within a while, each one expiring by itself.
struct window {
    std::chrono::milliseconds length;
    std::int64_t most;
};

// Counts what several processes of this host may only do so often, by somebody's key. The file is
// `requests.sqlite` in the state folder. It may be lost at any time: then it counts from nothing,
// so that nothing is waited for on its disk's account.
class ledger {
public:
    using moment = std::chrono::system_clock::time_point;
    using wall_clock = std::function<moment()>;

    // The folder is there. A file that is damaged is begun anew. error_kind::configuration names
    // the file.
    static result<ledger>
    open(std::filesystem::path const& folder, wall_clock now = std::chrono::system_clock::now);
    // For hosts without a state folder: counts this process alone.
    static ledger in_memory(wall_clock now = std::chrono::system_clock::now);

    // Counts one for `key` now, if every window has room; else when to ask again. What was counted
    // at a later time than now is forgotten: the clock was set back.
    result<std::optional<moment>> take(std::string_view key, std::span<window const> windows);

    // Nothing is to be had for `key` before.
    result<void> close_until(std::string_view key, moment until);

private:
    ledger(database db, wall_clock now) : database_(std::move(db)), now_(std::move(now)) {}
    static result<ledger> open_file(std::filesystem::path const& file, wall_clock now);
    result<void> prepare();
    result<std::optional<moment>>
    take_locked(std::string_view key, std::span<window const> windows);
    result<void> forget(std::string_view key, std::int64_t longest, std::int64_t now);
    result<std::int64_t> closed_until(std::string_view key);
    result<std::int64_t> full_until(std::string_view key, window const& w);

    database database_;
    wall_clock now_;
};

} // namespace acme_dns01::journal
