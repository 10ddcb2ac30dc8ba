#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace acme_dns01::challenge {

// When to ask whom, and when to stop: pure functions of what has been seen and of the time. All
// names and all addresses of a wait are decided upon together.

// What one address last said about one name.
enum class server_state {
    unasked,
    serving,     // all wanted values are there
    missing,     // an authoritative answer without them
    unreachable, // silence, or no way there
    refused,
    servfail,
    lame, // an answer without authority, or any other response code
};

std::string_view to_string(server_state s);

// An address that fails says nothing about the record: it may be dead for everybody or only from
// here.
bool is_failing(server_state s);

// Nothing has been heard, so far or at all.
bool is_mute(server_state s);

// One name at one address, both by number.
struct probe {
    std::size_t name = 0;
    std::size_t address = 0;
    server_state state = server_state::unasked;
    bool in_flight = false;
    unsigned queries = 0;
    clock::time_point asked_at{};                   // when the last question left
    clock::time_point answered_for{};               // when the one left that the state answers
    std::optional<clock::time_point> serving_since; // of the present unbroken series of answers
    std::optional<clock::time_point> failing_since;
};

struct patience {
    // Beyond it nobody is asked again who lacks a record. But everybody is heard once, and what all
    // serve by then is confirmed, for as long as an answer may take.
    clock::duration timeout = std::chrono::seconds(120);
    // Between the moment all serve and the confirming pass. Nothing: as long as the first and the
    // last server lay apart, at most settle_max; a wider spread says that sites behind one address
    // may lie as far apart.
    std::optional<clock::duration> settle;
    // How long a failing address may hold up a wait that is otherwise over.
    clock::duration grace = std::chrono::seconds(5);
    // Every address counts: none is let off after its grace.
    bool require_all = false;
    // Nobody is asked before.
    clock::duration first_question{};
};

constexpr clock::duration step_min = std::chrono::milliseconds(15);
constexpr clock::duration settle_max = std::chrono::seconds(10);
// A question without an answer for so long has failed, whatever may still come; with a shorter
// grace after that, but not before a server far away can have answered.
constexpr clock::duration silence_max = std::chrono::seconds(1);
constexpr clock::duration silence_min = std::chrono::milliseconds(300);
// Questions on their way to an address that has not answered any yet, and may be dead: it is not to
// take the places of the others.
constexpr std::size_t unproven_max = 2;
// How many names a round asks one address for, those first that have not been asked for longest,
// and how many more for each that it finds served: where one is, others may be. So a hundred names
// are found as soon as one would be, and a server is not flooded meanwhile.
constexpr std::size_t asked_in_a_round = 8;
constexpr std::size_t asked_for_each_served = 4;

// Names that the confirming pass asks each address for: those that it began to serve last, which a
// site that lags behind lacks first.
constexpr std::size_t confirmed_max = 20;

// 3.5 % of the time waited, at least step_min, so that a wait lasts a constant share longer than it
// must, below 5 % whatever the jitter and half of that in the median, and the questions grow with
// its logarithm; ±10 % by `jitter` in [0, 1).
clock::duration next_step(clock::duration waited, double jitter);

// All addresses are asked in the same rounds: had each its own, the last of them to serve would
// nearly always be found a whole step late.
struct rounds {
    explicit rounds(clock::time_point of_wait) : start(of_wait), current(start), next(start) {}
    // On to the one that `now` lies in.
    void advance(clock::time_point now, double jitter);

    clock::time_point start; // of the wait
    clock::time_point current;
    clock::time_point next; // when the next one begins
};

// Enters what an answer said, which came at `now`.
void observe(probe& p, server_state said, clock::time_point now);

enum class verdict { go_on, complete, timed_out };

struct decision {
    verdict then = verdict::go_on;
    std::vector<std::size_t> ask; // indices of probes to ask now
    clock::time_point wake;       // when to decide again, at the latest
};

// What to do at `now`, which lies in the current round: pure. Complete when every address serves
// every name and did so again in a confirming pass, failing ones excepted once their grace is over;
// of each name at least one address has to serve.
decision decide(
    std::vector<probe> const& probes, patience const& limits, rounds const& r, clock::time_point now
);

} // namespace acme_dns01::challenge
