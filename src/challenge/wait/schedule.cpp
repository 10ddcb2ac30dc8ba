#include "challenge/wait/schedule.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <functional>

namespace acme_dns01::challenge {

namespace {

using time_point = clock::time_point;

// What all questions to one address have shown of it.
struct address_view {
    bool has_answered = false;
    std::size_t in_flight = 0;
    std::size_t places = asked_in_a_round; // of this round
    std::size_t places_taken = 0;
    std::optional<time_point> failing_since; // the earliest of its names
    // When the latest question left that was answered well.
    time_point good_at = time_point::min();

    // It has failed, and has done nothing else since.
    bool is_down() const { return failing_since && good_at < *failing_since; }
};

clock::duration silence_limit(patience const& limits) {
    return std::clamp(limits.grace, silence_min, silence_max);
}

// Of this name alone.
std::optional<time_point> own_failure(probe const& p, patience const& limits, time_point now) {
    if (p.failing_since || p.serving_since) return p.failing_since;
    auto const is_silent = p.in_flight && now - p.asked_at >= silence_limit(limits);
    return is_silent ? std::optional(p.asked_at) : std::nullopt;
}

void add_to(
    address_view& view, probe const& p, patience const& limits, rounds const& r, time_point now
) {
    view.in_flight += p.in_flight ? 1 : 0;
    view.has_answered = view.has_answered || !is_mute(p.state);
    auto const asked_in_round = p.queries > 0 && p.asked_at >= r.current;
    if (asked_in_round || p.in_flight) ++view.places_taken;
    if (p.serving_since && *p.serving_since >= r.current) view.places += asked_for_each_served;
    if (auto const since = own_failure(p, limits, now)) {
        view.failing_since = std::min(view.failing_since.value_or(*since), *since);
    }
    auto const is_good = p.state == server_state::missing || p.state == server_state::serving;
    if (is_good) view.good_at = std::max(view.good_at, p.answered_for);
}

std::vector<address_view> addresses_of(
    std::vector<probe> const& probes, patience const& limits, rounds const& r, time_point now
) {
    std::vector<address_view> views;
    for (auto const& p : probes) {
        views.resize(std::max(views.size(), p.address + 1));
        add_to(views[p.address], p, limits, r, now);
    }
    return views;
}

// A name that has not been asked for since its address went down fails there like the others.
std::optional<time_point>
failing_since(probe const& p, address_view const& address, patience const& limits, time_point now) {
    if (address.is_down() && !p.serving_since) return address.failing_since;
    return own_failure(p, limits, now);
}

bool is_forgiven(
    probe const& p, address_view const& address, patience const& limits, time_point now
) {
    auto const since = failing_since(p, address, limits, now);
    return !limits.require_all && since && now - *since >= limits.grace;
}

// The moments between which the servers began to serve; nothing as long as some do not.
struct spread {
    time_point first = time_point::max();
    time_point last = time_point::min();
};

std::optional<spread> spread_of(
    std::vector<probe> const& probes,
    std::vector<address_view> const& addresses,
    patience const& limits,
    time_point now
) {
    spread s;
    std::vector<bool> served;
    for (auto const& p : probes) {
        served.resize(std::max(served.size(), p.name + 1));
        if (is_forgiven(p, addresses[p.address], limits, now)) continue;
        if (!p.serving_since) return std::nullopt;
        served[p.name] = true;
        s.first = std::min(s.first, *p.serving_since);
        s.last = std::max(s.last, *p.serving_since);
    }
    if (std::ranges::count(served, false) > 0) return std::nullopt;
    if (served.empty()) s = {now, now};
    return s;
}

void ask_now(decision& d, std::size_t index, address_view& address) {
    if (!address.has_answered && address.in_flight >= unproven_max) return;
    d.ask.push_back(index);
    ++address.in_flight;
}

// The names that have waited longest come first, so that each gets its turn.
void ask_in_round(
    decision& d,
    std::vector<std::size_t> due,
    std::vector<probe> const& probes,
    std::vector<address_view>& addresses
) {
    std::ranges::stable_sort(due, {}, [&](std::size_t i) { return probes[i].asked_at; });
    for (auto const i : due) {
        auto& address = addresses[probes[i].address];
        if (address.places_taken >= address.places) continue;
        ++address.places_taken;
        ask_now(d, i, address);
    }
}

// Grace can run out without an answer, so that moment needs a wake-up of its own.
void wake_for_grace(decision& d, probe const& p, patience const& limits, time_point now) {
    auto over = now;
    if (p.failing_since) {
        over = *p.failing_since + limits.grace;
    } else if (p.in_flight && !p.serving_since) {
        over = p.asked_at + std::max(limits.grace, silence_limit(limits));
    }
    if (over > now) d.wake = std::min(d.wake, over);
}

void ask_what_is_due(
    decision& d,
    std::vector<probe> const& probes,
    std::vector<address_view>& addresses,
    patience const& limits,
    rounds const& r,
    time_point now
) {
    auto const first = r.start + limits.first_question;
    auto const end = r.start + limits.timeout;
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < probes.size(); ++i) {
        auto const& p = probes[i];
        auto& address = addresses[p.address];
        wake_for_grace(d, p, limits, now);
        if (p.in_flight || p.serving_since) continue;
        if (now < first) {
            d.wake = std::min(d.wake, first);
            continue;
        }
        d.wake = std::min(d.wake, r.next);
        if (p.state == server_state::unasked) {
            ask_now(d, i, address);
        } else if (now < end && p.asked_at < r.current && address.places_taken < address.places) {
            due.push_back(i);
        }
    }
    ask_in_round(d, std::move(due), probes, addresses);
}

// Serving probes, those first that began to serve last.
std::vector<std::size_t> latest_first(std::vector<probe> const& probes) {
    std::vector<std::size_t> serving;
    for (std::size_t i = 0; i < probes.size(); ++i)
        if (probes[i].serving_since) serving.push_back(i);
    auto const since = [&](std::size_t i) { return *probes[i].serving_since; };
    std::ranges::stable_sort(serving, std::ranges::greater(), since);
    return serving;
}

// Whether a first answer is still awaited, however short the time limit is.
bool awaits_first_answer(
    std::vector<probe> const& probes,
    std::vector<address_view> const& addresses,
    patience const& limits,
    time_point now
) {
    return std::ranges::any_of(probes, [&](probe const& p) {
        auto const& address = addresses[p.address];
        return p.state == server_state::unasked && !failing_since(p, address, limits, now);
    });
}

// An address without an answer by then has failed.
void wake_for_silence(
    decision& d, std::vector<probe> const& probes, patience const& limits, time_point now
) {
    for (auto const& p : probes) {
        auto const over = p.asked_at + silence_limit(limits);
        auto const is_awaited = p.state == server_state::unasked && p.in_flight && over > now;
        if (is_awaited) d.wake = std::min(d.wake, over);
    }
}

// A record is confirmed by a question that left after all had settled. If a server loses the record
// again, the moment of settling moves, and all are asked once more.
void confirm(
    decision& d, std::vector<probe> const& probes, std::size_t addresses, time_point settled
) {
    auto all = true;
    std::vector<std::size_t> looked_at(addresses);
    for (auto const i : latest_first(probes)) {
        auto const& p = probes[i];
        if (looked_at[p.address]++ >= confirmed_max) continue;
        if (!p.in_flight && p.asked_at >= settled) continue;
        all = false;
        if (!p.in_flight) d.ask.push_back(i);
    }
    if (all) d.then = verdict::complete;
}

} // namespace

std::string_view to_string(server_state s) { return boost::describe::enum_to_string(s, ""); }

bool is_failing(server_state s) {
    return s != server_state::unasked && s != server_state::serving && s != server_state::missing;
}

bool is_mute(server_state s) {
    return s == server_state::unasked || s == server_state::unreachable;
}

void rounds::advance(time_point now, double jitter) {
    while (next <= now) {
        current = next;
        next += next_step(current - start, jitter);
    }
}

clock::duration next_step(clock::duration waited, double jitter) {
    constexpr double share = 0.035;
    auto const step = std::max(seconds(step_min), seconds(waited) * share);
    return to_duration(step * (0.9 + 0.2 * jitter));
}

void observe(probe& p, server_state said, time_point now) {
    p.in_flight = false;
    p.state = said;
    p.answered_for = p.asked_at;
    if (said != server_state::serving) p.serving_since.reset();
    if (!is_failing(said)) p.failing_since.reset();
    if (said == server_state::serving && !p.serving_since) p.serving_since = now;
    if (is_failing(said) && !p.failing_since) p.failing_since = p.asked_at;
}

decision
decide(std::vector<probe> const& probes, patience const& limits, rounds const& r, time_point now) {
    decision d;
    // Answers to the last questions may come in after the timeout.
    auto const end = r.start + limits.timeout;
    auto const last = end + silence_limit(limits);
    d.wake = now < end ? end : last;
    auto addresses = addresses_of(probes, limits, r, now);
    auto const spread = spread_of(probes, addresses, limits, now);
    // All serve: pause, then confirm. The timeout shortens the pause.
    if (spread) {
        auto const apart = std::min(spread->last - spread->first, settle_max);
        auto const wished = spread->last + limits.settle.value_or(apart);
        auto const settled = std::max(spread->last, std::min(wished, end));
        if (settled <= now) {
            confirm(d, probes, addresses.size(), settled);
        } else {
            d.wake = std::min(d.wake, settled);
        }
    }
    if (d.then == verdict::complete) return d;
    // Out of time, unless a first answer or the confirming pass can still complete the wait.
    auto const may_end_well = spread || awaits_first_answer(probes, addresses, limits, now);
    if (now >= last || (now >= end && !may_end_well)) {
        d.then = verdict::timed_out;
        d.ask.clear();
        return d;
    }
    // Ask whatever the current round has not asked yet.
    ask_what_is_due(d, probes, addresses, limits, r, now);
    if (now >= end) wake_for_silence(d, probes, limits, now);
    return d;
}

} // namespace acme_dns01::challenge
