#include "challenge/wait/schedule.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <functional>
#include <iterator>

namespace acme_dns01::challenge {

namespace {

using time_point = clock::time_point;

// The state of one address, from all questions to it.
struct address_state {
    bool has_answered = false;
    std::size_t in_flight = 0;
    std::size_t sent = 0;                       // within the window
    time_point has_room_at = time_point::min(); // again, if there are too many
    std::size_t served = 0;                     // since this round began
    std::size_t places_taken = 0;               // of this round
    bool is_at_limit = false;
    std::optional<std::size_t> next;         // due probe in the order of the names
    std::optional<time_point> failing_since; // the earliest of its names
    // When the last question left that was answered well.
    time_point good_at = time_point::min();

    std::size_t places() const {
        return asked_in_a_round + served + std::min(served, served_at_once);
    }

    // It has failed and has not answered well since.
    bool is_down() const { return failing_since && good_at < *failing_since; }
};

// The times between which the servers began to serve a name.
struct spread {
    time_point first = time_point::max();
    time_point last = time_point::min();
};

// A name that the limit has kept waiting was probably served with those that were asked for.
time_point served_since(probe const& p) {
    auto const seen = *p.serving_since;
    return p.held_back_since ? std::max(*p.held_back_since, seen - questions_window) : seen;
}

// All names are served.
struct all_served {
    time_point at;           // since the last server
    clock::duration apart{}; // between the first and the last server of one name, at most
};

// The wait at one moment, and the decision that grows out of it.
class moment {
public:
    moment(std::vector<probe> const& p, patience const& l, rounds const& r, time_point now)
        : probes_(p), limits_(l), rounds_(r), now_(now) {
        for (auto const& one : probes_)
            add(one);
        for (std::size_t i = 0; i < std::min(addresses_.size(), rounds_.sent.size()); ++i)
            add_questions(addresses_[i], rounds_.sent[i]);
    }

    decision decide() {
        // Answers to the last questions may come in after the timeout.
        auto const last = end_ + silence_limit();
        result_.wake = now_ < end_ ? end_ : last;
        auto const served = all_serve();
        // All serve: pause, then confirm. The timeout shortens the pause.
        if (served) {
            auto const apart = std::min(served->apart, settle_max);
            auto const wished = served->at + limits_.settle.value_or(apart);
            auto const settled = std::max(served->at, std::min(wished, end_));
            settled <= now_ ? confirm(settled) : wake_at(settled);
        }
        if (result_.then == verdict::complete) return result_;
        // Out of time, unless a first answer or the confirming pass can still complete the wait.
        auto const may_end_well = served || awaits_first_answer();
        if (now_ >= last || (now_ >= end_ && !may_end_well)) {
            result_.then = verdict::timed_out;
            result_.ask.clear();
            return result_;
        }
        // Ask about every name that the current round has not asked about yet.
        ask_what_is_due();
        if (now_ >= end_) wake_for_silence();
        return result_;
    }

private:
    void add(probe const& p) {
        addresses_.resize(std::max(addresses_.size(), p.address + 1));
        auto& address = addresses_[p.address];
        address.in_flight += p.in_flight ? 1 : 0;
        address.has_answered = address.has_answered || !is_silent(p.state);
        auto const asked_in_round = p.queries > 0 && p.asked_at >= rounds_.current;
        if (asked_in_round) ++address.places_taken;
        if (p.serving_since && *p.serving_since >= rounds_.current) ++address.served;
        if (auto const since = own_failure(p)) {
            address.failing_since = std::min(address.failing_since.value_or(*since), *since);
        }
        auto const is_good = p.state == server_state::missing || p.state == server_state::serving;
        if (is_good) address.good_at = std::max(address.good_at, p.answered_for);
    }

    // The failure of this name alone.
    std::optional<time_point> own_failure(probe const& p) const {
        if (p.failing_since || p.serving_since) return p.failing_since;
        auto const is_overdue = p.in_flight && now_ - p.asked_at >= silence_limit();
        return is_overdue ? std::optional(p.asked_at) : std::nullopt;
    }

    // A name that has not been asked for since its address went down fails there like the others.
    std::optional<time_point> failing_since(probe const& p) const {
        auto const& address = addresses_[p.address];
        return address.is_down() && !p.serving_since ? address.failing_since : own_failure(p);
    }

    bool is_forgiven(probe const& p) const {
        auto const since = failing_since(p);
        return !limits_.require_all && since && now_ - *since >= limits_.grace;
    }

    void add_questions(address_state& address, std::deque<time_point> const& sent) const {
        auto const in_window = [&](time_point t) { return t + questions_window > now_; };
        auto const oldest = std::ranges::find_if(sent, in_window);
        address.sent = static_cast<std::size_t>(sent.end() - oldest);
        if (oldest != sent.end()) address.has_room_at = *oldest + questions_window;
    }

    // Nothing as long as some do not serve.
    std::optional<all_served> all_serve() const {
        std::vector<spread> names;
        for (auto const& p : probes_) {
            names.resize(std::max(names.size(), p.name + 1));
            if (is_forgiven(p)) continue;
            if (!p.serving_since) return std::nullopt;
            auto& s = names[p.name];
            auto const since = served_since(p);
            s.first = std::min(s.first, since);
            s.last = std::max(s.last, since);
        }
        all_served all{names.empty() ? now_ : time_point::min()};
        for (auto const& s : names) {
            if (s.last < s.first) return std::nullopt;
            all.at = std::max(all.at, s.last);
            all.apart = std::max(all.apart, s.last - s.first);
        }
        return all;
    }

    // One in flight counts twice, as it is sent again if the answer is slow.
    void ask_now(std::size_t index) {
        auto& address = addresses_[probes_[index].address];
        if (!address.has_answered && address.in_flight >= unproven_max) return;
        if (address.sent + address.in_flight >= questions_max) {
            address.is_at_limit = true;
            if (address.has_room_at > now_) wake_at(address.has_room_at);
            return;
        }
        result_.ask.push_back(index);
        ++address.in_flight;
        ++address.sent;
    }

    // At each address first the next name in the order in which the records were made: they appear
    // in that order. Then those that have waited longest, so that each gets its turn. After the
    // time limit those that have not been asked for yet get a first answer.
    void ask_in_round(std::vector<std::size_t> due) {
        for (auto const i : due) {
            auto& next = addresses_[probes_[i].address].next;
            if (!next) next = i;
        }
        std::ranges::stable_sort(due, {}, [&](std::size_t i) {
            auto const is_next = addresses_[probes_[i].address].next == i;
            return is_next ? time_point::min() : probes_[i].asked_at;
        });
        for (auto const i : due) {
            auto& address = addresses_[probes_[i].address];
            if (address.places_taken >= address.places() && now_ < end_) continue;
            ++address.places_taken;
            ask_now(i);
        }
        std::ranges::copy_if(due, std::back_inserter(result_.held_back), [&](std::size_t i) {
            return addresses_[probes_[i].address].is_at_limit;
        });
    }

    // Grace can run out without an answer, so that moment needs a wake-up of its own.
    void wake_for_grace(probe const& p) {
        auto over = now_;
        if (p.failing_since) {
            over = *p.failing_since + limits_.grace;
        } else if (p.in_flight && !p.serving_since) {
            over = p.asked_at + std::max(limits_.grace, silence_limit());
        }
        if (over > now_) wake_at(over);
    }

    void ask_what_is_due() {
        auto const first = rounds_.start + limits_.first_question;
        std::vector<std::size_t> due;
        for (std::size_t i = 0; i < probes_.size(); ++i) {
            auto const& p = probes_[i];
            wake_for_grace(p);
            if (p.in_flight || p.serving_since) continue;
            wake_at(now_ < first ? first : rounds_.next);
            if (now_ < first) continue;
            auto const is_first = p.state == server_state::unasked;
            if (is_first || (now_ < end_ && p.asked_at < rounds_.current)) due.push_back(i);
        }
        ask_in_round(std::move(due));
    }

    // Serving probes, those first that began to serve last.
    std::vector<std::size_t> latest_first() const {
        std::vector<std::size_t> serving;
        for (std::size_t i = 0; i < probes_.size(); ++i)
            if (probes_[i].serving_since) serving.push_back(i);
        auto const since = [&](std::size_t i) { return *probes_[i].serving_since; };
        std::ranges::stable_sort(serving, std::ranges::greater(), since);
        return serving;
    }

    // Whether a first answer is still awaited, however short the time limit is.
    bool awaits_first_answer() const {
        return std::ranges::any_of(probes_, [&](probe const& p) {
            return p.state == server_state::unasked && !failing_since(p);
        });
    }

    // An address without an answer by then has failed.
    void wake_for_silence() {
        for (auto const& p : probes_) {
            auto const over = p.asked_at + silence_limit();
            if (p.state == server_state::unasked && p.in_flight && over > now_) wake_at(over);
        }
    }

    // A record is confirmed by a question that left after all had settled. If a server loses the
    // record again, the moment of settling moves, and all are asked once more.
    void confirm(time_point settled) {
        auto all = true;
        std::vector<std::size_t> looked_at(addresses_.size());
        for (auto const i : latest_first()) {
            auto const& p = probes_[i];
            if (looked_at[p.address]++ >= confirmed_max) continue;
            if (!p.in_flight && p.asked_at >= settled) continue;
            all = false;
            if (!p.in_flight) ask_now(i);
        }
        if (all) result_.then = verdict::complete;
    }

    void wake_at(time_point t) { result_.wake = std::min(result_.wake, t); }

    clock::duration silence_limit() const {
        return std::clamp(limits_.grace, silence_min, silence_max);
    }

    std::vector<probe> const& probes_;
    patience const& limits_;
    rounds const& rounds_;
    time_point now_;
    time_point end_ = rounds_.start + limits_.timeout;
    std::vector<address_state> addresses_;
    decision result_;
};

} // namespace

std::string_view to_string(server_state s) { return boost::describe::enum_to_string(s, ""); }

bool is_failing(server_state s) { return s > server_state::unsent; }

bool is_silent(server_state s) {
    using enum server_state;
    return s == unasked || s == unsent || s == unreachable;
}

void rounds::advance(time_point now, double jitter) {
    if (now < next) return;
    current = now;
    next = now + next_step(now - start, jitter);
}

void rounds::note_question(std::size_t address, time_point now) {
    sent.resize(std::max(sent.size(), address + 1));
    auto& times = sent[address];
    while (!times.empty() && times.front() + questions_window <= now)
        times.pop_front();
    times.push_back(now);
}

clock::duration next_step(clock::duration waited, double jitter) {
    constexpr double share = 0.04;
    auto const wanted = seconds(waited) * share * (0.9 + 0.2 * jitter);
    return std::max(step_min, to_duration(wanted));
}

void observe(probe& p, server_state answer, time_point now) {
    p.in_flight = false;
    p.state = answer;
    p.answered_for = p.asked_at;
    if (answer != server_state::serving) {
        p.serving_since.reset();
        p.held_back_since.reset();
    }
    if (!is_failing(answer)) p.failing_since.reset();
    if (answer == server_state::serving && !p.serving_since) p.serving_since = now;
    if (is_failing(answer) && !p.failing_since) p.failing_since = p.asked_at;
}

void hold_back(probe& p, time_point now) {
    if (!p.held_back_since) p.held_back_since = now;
}

decision
decide(std::vector<probe> const& probes, patience const& limits, rounds const& r, time_point now) {
    return moment(probes, limits, r, now).decide();
}

} // namespace acme_dns01::challenge
