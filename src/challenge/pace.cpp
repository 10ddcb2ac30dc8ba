#include "challenge/pace.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

namespace {

using time_point = clock::time_point;

// What all questions to one address have shown of it.
struct address_view {
    bool has_answered = false;
    std::size_t in_flight = 0;
    std::optional<time_point> failing_since; // the earliest of its names
};

std::vector<address_view> addresses_of(std::vector<probe> const& probes) {
    std::vector<address_view> views;
    for (auto const& p : probes) {
        views.resize(std::max(views.size(), p.address + 1));
        auto& view = views[p.address];
        view.in_flight += p.in_flight ? 1 : 0;
        view.has_answered = view.has_answered || !is_mute(p.state);
        if (!p.failing_since) continue;
        view.failing_since =
            std::min(view.failing_since.value_or(*p.failing_since), *p.failing_since);
    }
    return views;
}

// A name that has not been asked for at a dead address yet fails there like the others.
std::optional<time_point> failing_since(probe const& p, address_view const& address) {
    if (is_failing(p.state)) return p.failing_since;
    if (p.state == server_state::unasked && !address.has_answered) return address.failing_since;
    return std::nullopt;
}

bool is_forgiven(
    probe const& p, address_view const& address, patience const& limits, time_point now
) {
    auto const since = failing_since(p, address);
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

time_point due_at(probe const& p, patience const& limits, time_point start, double jitter) {
    if (p.state == server_state::unasked) return start + limits.first_question;
    return p.asked_at + next_step(p.asked_at - start, jitter);
}

void ask_or_wake(
    decision& d, std::size_t index, address_view& address, time_point due, time_point now
) {
    if (due > now) {
        d.wake = std::min(d.wake, due);
    } else if (address.has_answered || address.in_flight < unproven_max) {
        d.ask.push_back(index);
        ++address.in_flight;
    }
}

// Grace runs out without anybody answering: that moment has to be woken for, too.
void wake_for_grace(decision& d, probe const& p, patience const& limits, time_point now) {
    if (!p.failing_since) return;
    auto const over = *p.failing_since + limits.grace;
    if (over > now) d.wake = std::min(d.wake, over);
}

// Confirmed is what was asked after everything had settled and still serves. Where a server loses
// the record again, the moment of settling moves, and with it all have to be asked once more.
void confirm(decision& d, std::vector<probe> const& probes, time_point settled) {
    auto all = true;
    for (std::size_t i = 0; i < probes.size(); ++i) {
        auto const& p = probes[i];
        if (!p.serving_since) continue;
        if (!p.in_flight && p.asked_at >= settled) continue;
        all = false;
        if (!p.in_flight) d.ask.push_back(i);
    }
    if (all) d.then = verdict::complete;
}

} // namespace

std::string_view to_string(server_state s) {
    switch (s) {
    case server_state::unasked:
        return "unasked";
    case server_state::serving:
        return "serving";
    case server_state::missing:
        return "missing";
    case server_state::unreachable:
        return "unreachable";
    case server_state::refused:
        return "refused";
    case server_state::servfail:
        return "servfail";
    case server_state::lame:
        return "lame";
    }
    return "";
}

bool is_failing(server_state s) {
    return s != server_state::unasked && s != server_state::serving && s != server_state::missing;
}

bool is_mute(server_state s) {
    return s == server_state::unasked || s == server_state::unreachable;
}

clock::duration next_step(clock::duration waited, double jitter) {
    constexpr double share = 0.045;
    auto const step = std::max(seconds(step_min), seconds(waited) * share);
    return to_duration(step * (0.9 + 0.2 * jitter));
}

void observe(probe& p, server_state said, time_point now) {
    p.in_flight = false;
    p.state = said;
    if (said != server_state::serving) p.serving_since.reset();
    if (!is_failing(said)) p.failing_since.reset();
    if (said == server_state::serving && !p.serving_since) p.serving_since = now;
    if (is_failing(said) && !p.failing_since) p.failing_since = p.asked_at;
}

decision decide(
    std::vector<probe> const& probes,
    patience const& limits,
    time_point start,
    time_point now,
    double jitter
) {
    decision d;
    d.wake = start + limits.timeout;
    auto addresses = addresses_of(probes);
    auto const spread = spread_of(probes, addresses, limits, now);
    if (spread) {
        auto const apart = std::min(spread->last - spread->first, settle_max);
        auto const settled = spread->last + limits.settle.value_or(apart);
        if (settled <= now) {
            confirm(d, probes, settled);
        } else {
            d.wake = std::min(d.wake, settled);
        }
    }
    if (d.then == verdict::complete) return d;
    if (now >= start + limits.timeout) {
        d.then = verdict::timed_out;
        d.ask.clear();
        return d;
    }
    for (std::size_t i = 0; i < probes.size(); ++i) {
        auto const& p = probes[i];
        wake_for_grace(d, p, limits, now);
        if (p.in_flight || p.serving_since) continue;
        auto const due = due_at(p, limits, start, jitter);
        ask_or_wake(d, i, addresses[p.address], due, now);
    }
    return d;
}

} // namespace acme_dns01::challenge
