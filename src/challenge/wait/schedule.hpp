#pragma once

#include "base/clock.hpp"

#include <boost/describe/enum.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

// When to ask which authoritative server, and when to stop: pure functions of the answers so far
// and of the time. All names and all addresses of a wait are decided together.
//
// Requirements
//
//   - End soon after the slowest server serves the record: at most 5 % and 100 ms later, and some
//     round trips, whether DigitalOcean needs 0.3 s or a minute.
//   - Be polite. Rounds are at least 50 ms apart, no address gets more than 100 questions in any
//     second, however many names there are, and for one name at most 150 in a minute.
//   - Do not end early. Behind one anycast address stand many sites, and the next question may
//     reach one that still lacks the record; a CA that looks there fails the challenge. So each
//     name is asked for at each address: that one is served says nothing about another.
//   - Do not hang on a dead address. Nor may one dead server take the places of the others.
//
// How
//
//   rounds      All addresses that lack a record are asked in common rounds. With a clock for each
//               question, the last of many answers came nearly a whole step late: the median of a
//               hundred names was the maximum of one.
//   step        4 % of the time waited, so the overshoot is a constant share and the questions grow
//               with the logarithm of the wait: a minute takes some 120 rounds. At least 55 ms,
//               since a busy host sends early or late.
//   places      A round asks an address for 2 names, for 1 more for each that turns out to be
//               served, and for another one for each of the first 6: where one record has arrived
//               the others follow, and the answers ask for the next, some 8 at a time. One of the 2
//               is the next in the order in which the records were made, the other the one that has
//               waited longest. With many more for each served name, a hundred that appear one
//               after the other used up the limit on those still missing.
//   limit       No question leaves if it would be the 101st to its address within 1.05 s, counting
//               those in flight twice: they are sent again after 0.3 s.
//
//               Milliseconds beyond 5 %, at most, by simulation with round trips of 1 ms and no
//               pause. The bound is 100. What exceeds it needs more than 100 questions in its last
//               second: one for each name that is served, two a round before, and to confirm.
//
//                   the slowest server is behind by     0.3 s   0.8 s   1.5 s   3 s   10 s
//                     1 name                               17     -13     -14   -24    -69
//                    20 names, all at once                 20     -10     -11   -21    -66
//                   100 names, all at once               1012     982     972   894    982
//                   100 names, within 0.2 s               904     873     806   809    716
//                   100 names, 29 a second                740     216     -13   -23    -69
//
//   settling    When all serve, a pause as long as the first and the last server lay apart for the
//               same name, at most 10 s: how far the addresses differ is the only hint at how far
//               the sites behind one address may. A name that the limit alone has kept waiting
//               counts as served since then, but for no longer than the limit's second: so a
//               hundred names that appear at once, at servers 0.3, 0.8 and 1.5 s behind, take 2.80
//               s, and one takes 2.79 s. Without that rule they took 4.4 s.
//   confirming  Then every address is asked again, for the 20 names that it served last: a site
//               that lags lacks those. A server that has lost the record sets the wait back.
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
    // It could have been asked for since, if the address took more questions.
    std::optional<clock::time_point> held_back_since;
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

constexpr clock::duration step_min = std::chrono::milliseconds(55);
constexpr clock::duration settle_max = std::chrono::seconds(10);
// A question without an answer for this long has failed. A shorter grace shortens it, but not below
// silence_min: a server on the other side of the world needs 300 ms.
constexpr clock::duration silence_max = std::chrono::seconds(1);
constexpr clock::duration silence_min = std::chrono::milliseconds(300);
// Questions in flight to an address that has not answered any yet.
constexpr std::size_t unproven_max = 2;
// Names that a round asks one address for. There is one more for each name that turns out to be
// served, and another one for the first few of them.
constexpr std::size_t asked_in_a_round = 2;
constexpr std::size_t served_at_once = 6;
// Questions to one address within any time of this length: a second, and some because a question
// may take longer to arrive than the ones before.
constexpr std::size_t questions_max = 100;
constexpr clock::duration questions_window = std::chrono::milliseconds(1050);
// Names that the confirming pass asks each address for.
constexpr std::size_t confirmed_max = 20;

// The time to the next round: 4 % of the time waited ±10 % by `jitter` in [0, 1), so that many
// hosts do not ask in step; at least step_min.
clock::duration next_step(clock::duration waited, double jitter);

// The questions so far, as far as they limit the next ones.
struct rounds {
    explicit rounds(clock::time_point of_wait) : start(of_wait), current(start), next(start) {}
    // To the round that `now` lies in. A late one moves those after it.
    void advance(clock::time_point now, double jitter);
    // Call this for every question that leaves.
    void note_question(std::size_t address, clock::time_point now);

    clock::time_point start; // of the wait
    clock::time_point current;
    clock::time_point next;                          // when the next one begins
    std::vector<std::deque<clock::time_point>> sent; // the questions of the last window, by address
};

// Records an answer that came at `now`.
void observe(probe& p, server_state answer, clock::time_point now);

// Call this for the probes that a decision has held back.
void hold_back(probe& p, clock::time_point now);

enum class verdict { go_on, complete, timed_out };

struct decision {
    verdict then = verdict::go_on;
    std::vector<std::size_t> ask;       // indices of probes to ask now
    std::vector<std::size_t> held_back; // and of those that the limit alone keeps waiting
    clock::time_point wake;             // decide again at this time, or when an answer comes
};

// The decision at `now`, which lies in the current round. Complete when every address serves every
// name and has done so again in the confirming pass. Addresses whose grace is over are left out,
// but every name needs at least one address that serves it.
decision decide(
    std::vector<probe> const& probes, patience const& limits, rounds const& r, clock::time_point now
);

} // namespace acme_dns01::challenge
