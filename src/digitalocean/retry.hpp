#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "digitalocean/rate.hpp"

#include <optional>
#include <string_view>

namespace acme_dns01::digitalocean {

// One attempt at a request, and how it ended.
struct attempt {
    std::string_view method{};
    std::optional<error_kind> failure{}; // nothing: the answer that was hoped for
    rate_told told{};
    unsigned number = 1; // of this request's attempts
    clock::duration left{};
    wall_clock::time_point now{};
    double chance = 0; // in [0, 1), so that those who failed together do not come back together
};

enum class what_next {
    finish,  // the outcome stands: a success, or a refusal that would come again
    repeat,  // send the same request again after the pause
    look_up, // what became of a POST is unknown: after the pause, look whether it was acted upon
    give_up, // it might succeed later, but time or attempts are used up
};

struct next_step {
    what_next what = what_next::finish;
    // For give_up: how long would have been waited.
    clock::duration pause{};
    bool was_demanded = false; // by the answer to a request beyond the rate
    friend bool operator==(next_step const&, next_step const&) = default;
};

// What to do after an attempt: pure.
//
//   nothing was sent, or 429      repeated whatever the method: nothing has been done
//   408, 5xx, a lost connection,  GET, PUT and DELETE are repeated (RFC 9110 9.2.2); a POST may
//   an answer nobody can read     have made a record and is looked up; a PATCH stands
//   anything else                 stands
//
// Pauses grow from half a second to pause_max, halved by chance at most; near the deadline they
// shrink, so that its last moment is used. After a 429 the pause is what the answer asks for
// (Retry-After, or the reset where nothing remains), not shortened: to come sooner is useless.
next_step after(attempt const& a);

constexpr unsigned attempts_max = 20;
// Half a minute: a network that is just coming up, or a server that restarts. A host that is still
// not to be had then is misspelt or far away.
constexpr unsigned unreachable_max = 7;
// Whoever answers with what is no JSON will hardly ever do otherwise.
constexpr unsigned unreadable_max = 5;
constexpr clock::duration pause_max = std::chrono::seconds(30);

// How long to wait before attempt `number` + 1.
clock::duration backoff(unsigned number, double chance);

// True where the request may have been acted upon although no success was reported: to send a POST
// again would then make a second record.
bool is_ambiguous(error_kind kind);

} // namespace acme_dns01::digitalocean
