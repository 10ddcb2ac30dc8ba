#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "journal/database.hpp"
#include "journal/group.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace acme_dns01::journal {

// The requests of one token, counted for all processes of this host, so that together they stay
// within its rate limits. The file is `requests.sqlite` in the state folder. It may be lost at any
// time: counting then starts from nothing, which is why it is not synchronised to the disk.
//
// A ledger that fails gives one warning and stops no request: the API enforces its own limits.
class ledger {
public:
    using moment = std::chrono::system_clock::time_point;

    struct settings {
        std::string key;                      // identifies the token and is no secret
        std::span<rate_window const> windows; // must outlive the ledger
        log notes{};
        std::function<moment()> now = std::chrono::system_clock::now;
    };

    // The folder exists. A damaged file is replaced; with a file that cannot be used at all, this
    // process is counted alone.
    static ledger open(std::filesystem::path const& folder, settings how);
    // For hosts without a state folder: counts this process alone.
    static ledger in_memory(settings how);

    // Counts one request now if every window has room for it; else when to ask again. Requests that
    // were counted at a later time than now are forgotten: the clock was set back.
    std::optional<moment> take();
    // The same for coroutines that run side by side: requests that are ready together are counted
    // in one transaction (group.hpp).
    boost::asio::awaitable<std::optional<moment>> take_with_others();

    // One that was counted at `taken` or before may have arrived as late as now, which counts.
    void count_later(moment taken);

    // No request may leave before `until`.
    void close_until(moment until);

private:
    ledger(database db, settings how) : database_(std::move(db)), settings_(std::move(how)) {}
    result<void> take_locked(std::optional<moment>& until);
    result<void> forget(std::int64_t now);
    result<std::int64_t> closed_until();
    result<std::int64_t> full_until(rate_window const& w);
    std::int64_t now() const;
    void give_up(error const& failure);

    database database_;
    settings settings_;
    bool has_failed_ = false;
    group group_;
};

} // namespace acme_dns01::journal
