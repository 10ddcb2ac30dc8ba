#pragma once

#include "base/clock.hpp"

#include <boost/describe/enum.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

// When to ask which authoritative server, and when to stop: pure functions of the answers so far
// and of the time. All names and all addresses of a wait are decided together.
//
// Requirements
//
//   - End soon after the slowest server serves the record: at most 5 % and 50 ms later, in the
//     median half of that, whether DigitalOcean needs 0.3 s or a minute, for one name or a hundred.
//   - Ask little. A minute of waiting must not mean thousands of questions, and a hundred names
//     must not mean a hundred times as many.
//   - Do not end early. Behind one anycast address stand many sites, and the next question may
//     reach one that still lacks the record; a CA that looks there fails the challenge.
//   - Do not hang on a dead address. Nor may one dead server take the places of the others.
//
// How
//
//   rounds      All addresses that lack a record are asked in common rounds. With a clock for each
//               question, the last of many answers came nearly a whole step late: the median of a
//               hundred names was the maximum of one.
//   step        3.5 % of the time waited, so the overshoot is a constant share and the questions
//               grow with the logarithm of the wait: 60 s take some 170 rounds. With 4.5 % and
//               40 ms as the least step, 100 names overshot by 105 ms at 0.3 s; with 25 ms their
//               median was 24 to 35 ms, too close to the bound of 32.5; with 15 ms it is 26 ms
//               (1 name: 14, 20 names: 18), at 1 s 22 to 41 ms and at 3 s 50 to 91 ms.
//   places      A round asks an address for 8 names, those first that have waited longest, and for
//               4 more for each name that the address serves already: where one record has arrived
//               the others follow within milliseconds. So a hundred names are found in the time of
//               one, and no server is flooded meanwhile.
//   settling    When all serve, a pause as long as the first and the last server lay apart, at most
//               10 s: how far the addresses differ is the only hint at how far the sites behind one
//               address may.
//   confirming  Then every address is asked again, for the 20 names that it served last: a site
//               that lags lacks those. A hundred names took 300 questions and 60 ms of CPU before
//               that limit. A server that has lost the record sets the wait back.
//   grace       An address that fails says nothing about the record. It is waited for `grace`
//               seconds in all, then reported and left out, unless every address is required. Until
//               it has answered once it has two questions in flight at most.
//
// Designs not taken
//
//   - A fixed interval (lego: 2 s and 60 s; certbot's plugin: a blind 10 s): either slow at the
//     start or costly at the end.
//   - Doubling intervals: the last step is half of the whole wait.
//   - Asking a recursive resolver: it remembers that the record was not there, for the SOA's
//     negative TTL, 30 minutes at DigitalOcean. `--propagation resolver` does so where port 53 is
//     blocked, and then asks for the first time after 10 s.
//   - One name as a proxy for all of a zone: a zone's publication is not atomic on every site.

namespace acme_dns01::challenge {

// The last answer of one address about one name.
enum class server_state {
    unasked,
    serving,     // all wanted values are there
    missing,     // an authoritative answer without them
    unsent,      // this host had no means to ask: the address is not let off for that
    unreachable, // silence, or no route
    refused,
    servfail,
    lame, // an answer without authority, or any other response code
};
BOOST_DESCRIBE_ENUM(
    server_state, unasked, serving, missing, unsent, unreachable, refused, servfail, lame
)

std::string_view to_string(server_state s);

// True for an answer that says nothing about the record: the address may be dead, or only
// unreachable from here.
bool is_failing(server_state s);

// True without an answer, so far or at all.
bool is_silent(server_state s);

// One name at one address, both by number.
struct probe {
    std::size_t name = 0;
    std::size_t address = 0;
    server_state state = server_state::unasked;
    bool in_flight = false;
    unsigned queries = 0;
    clock::time_point asked_at{};                   // when the last question left
    clock::time_point answered_for{};               // when the question left that `state` answers
    std::optional<clock::time_point> serving_since; // without a different answer in between
    std::optional<clock::time_point> failing_since;
};

struct patience {
    // After this time no address that lacks a record is asked again. First answers and the
    // confirming pass may still come in, for as long as one answer may take.
    clock::duration timeout = std::chrono::seconds(120);
    // The pause between the moment all serve and the confirming pass. Not set: as long as the first
    // and the last server lay apart, at most settle_max.
    std::optional<clock::duration> settle;
    // How long a failing address may delay a wait that is otherwise over.
    clock::duration grace = std::chrono::seconds(5);
    // No failing address is left out after its grace.
    bool require_all = false;
    // No address is asked earlier, counted from the start.
    clock::duration first_question{};
};

constexpr clock::duration step_min = std::chrono::milliseconds(15);
constexpr clock::duration settle_max = std::chrono::seconds(10);
// A question without an answer for this long has failed. A shorter grace shortens it, but not below
// silence_min: a server on the other side of the world needs 300 ms.
constexpr clock::duration silence_max = std::chrono::seconds(1);
constexpr clock::duration silence_min = std::chrono::milliseconds(300);
// Questions in flight to an address that has not answered any yet.
constexpr std::size_t unproven_max = 2;
// Names that a round asks one address for, and more for each name that it serves already.
constexpr std::size_t asked_in_a_round = 8;
constexpr std::size_t asked_for_each_served = 4;
// Names that the confirming pass asks each address for.
constexpr std::size_t confirmed_max = 20;

// The time to the next round: 3.5 % of the time waited, at least step_min, ±10 % by `jitter` in
// [0, 1), so that many hosts do not ask in step.
clock::duration next_step(clock::duration waited, double jitter);

struct rounds {
    explicit rounds(clock::time_point of_wait) : start(of_wait), current(start), next(start) {}
    // To the round that `now` lies in.
    void advance(clock::time_point now, double jitter);

    clock::time_point start; // of the wait
    clock::time_point current;
    clock::time_point next; // when the next one begins
};

// Records an answer that came at `now`.
void observe(probe& p, server_state answer, clock::time_point now);

enum class verdict { go_on, complete, timed_out };

struct decision {
    verdict then = verdict::go_on;
    std::vector<std::size_t> ask; // indices of probes to ask now
    clock::time_point wake;       // decide again at this time, or when an answer comes
};

// The decision at `now`, which lies in the current round. Complete when every address serves every
// name and has done so again in the confirming pass. Addresses whose grace is over are left out,
// but every name needs at least one address that serves it.
decision decide(
    std::vector<probe> const& probes, patience const& limits, rounds const& r, clock::time_point now
);

} // namespace acme_dns01::challenge
