#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::digitalocean {

using wall_clock = std::chrono::system_clock;

// Requests are counted where they arrive, and may take this long to get there.
inline constexpr std::chrono::seconds window_grace{1};

// A token's limits, as published: 250 requests a minute, 5000 an hour.
inline constexpr std::array<rate_window, 2> published_windows{{
    {std::chrono::minutes(1) + window_grace, 250},
    {std::chrono::hours(1) + window_grace, 5000},
}};

// The token's limits according to the headers of an answer.
struct rate_info {
    // Requests left in this hour. 0 may also mean that the minute's are used up: only a 429
    // shows which.
    std::optional<std::int64_t> remaining{};
    std::optional<std::int64_t> limit{};               // how many an hour has
    std::optional<wall_clock::time_point> reset{};     // when the oldest request expires
    std::optional<std::chrono::seconds> retry_after{}; // only with a 429, for the minute's limit
};

// Header names are in lower case. Ignores a value that does not parse, a reset in the past (seen in
// the field) and any wait longer than the longest window.
rate_info rate_in(std::map<std::string, std::string> const& headers, wall_clock::time_point now);

// The last answer that came: when, and what its headers say.
struct sighting {
    std::optional<wall_clock::time_point> server_time{}; // the header Date (RFC 9110 6.6.1)
    wall_clock::time_point own_time{};                   // when the answer came
    rate_info rate{};
};

// One attempt at a request, and how it ended.
struct attempt {
    std::string_view method{};
    std::optional<error_kind> failure{}; // empty: success
    rate_info rate{};
    unsigned number = 1; // of this request's attempts
    clock::duration left{};
    wall_clock::time_point now{};
    double chance = 0; // in [0, 1), so that clients that failed together do not return together
};

enum class what_next {
    finish,  // the outcome stands: a success, or a refusal that would come again
    repeat,  // send the same request again after the pause
    look_up, // a POST may have been carried out: after the pause, look for what it would have made
    give_up, // it might succeed later, but time or attempts are used up
};

struct next_step {
    what_next what = what_next::finish;
    // With give_up: the pause that would have been needed.
    clock::duration pause{};
    bool was_demanded = false; // the pause is what a 429 asked for
    friend bool operator==(next_step const&, next_step const&) = default;
};

// The next step after an attempt: pure.
//
//   nothing was sent, or 429      repeated, whatever the method: nothing has been done
//   408, 5xx, a lost connection,  GET, PUT and DELETE are repeated (RFC 9110 9.2.2); a POST may
//   an unreadable answer          have made a record and is looked up; a PATCH is final
//   anything else                 final
//
// Pauses grow from half a second to pause_max; chance shortens them by up to a half. Near the
// deadline they shrink so that the last moment is used. After a 429 the pause is what the answer
// asks for (Retry-After, or the reset if nothing remains) and is never shortened: an earlier
// request would be refused.
next_step after(attempt const& a);

constexpr unsigned attempts_max = 20;
// Half a minute: enough for a network that is coming up or a server that restarts. A host that is
// unreachable for longer is misspelt or down.
constexpr unsigned unreachable_max = 7;
// A server that keeps answering without JSON is unlikely to be the API.
constexpr unsigned unreadable_max = 5;
constexpr clock::duration pause_max = std::chrono::seconds(30);

// How long to wait before attempt `number` + 1.
clock::duration backoff(unsigned number, double chance);

// True if the request may have been carried out although it failed: to send a POST again could then
// make a second record.
bool is_ambiguous(error_kind kind);

} // namespace acme_dns01::digitalocean
