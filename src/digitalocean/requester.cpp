#include "digitalocean/requester.hpp"

#include "base/text.hpp"
#include "digitalocean/answers.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <sys/resource.h>

namespace acme_dns01::digitalocean {

namespace json = boost::json;
using std::chrono::duration_cast;

namespace {

constexpr auto limit_is_used_up = "DigitalOcean's rate limit is used up";

error out_of_turns(
    std::string const& doing, wall_clock::time_point until, std::string request_id = {}
) {
    return {
        .kind = error_kind::rate_limited,
        .message = doing + ": " + limit_is_used_up + " until " + utc_time(until) +
                   ", which is later than --deadline allows",
        .hint = "try again then, allow more time with --deadline, or let fewer clients share the "
                "token",
        .request_id = std::move(request_id),
    };
}

// There are more requests than the deadline has time for.
error out_of_time(std::string const& doing) {
    return {
        .kind = error_kind::unreachable,
        .message = doing + ": the time limit was reached before the request could be sent",
        .hint = "allow more time with --deadline",
    };
}

error after_attempts(error failure, unsigned number) {
    if (number > 1) failure.message += ", tried " + std::to_string(number) + " times";
    return failure;
}

// The outcome of the last attempt, in the words for all of them.
result<json::value> final_outcome(
    result<json::value> outcome, operation const& op, next_step const& next, unsigned number
) {
    if (outcome) return outcome;
    auto const is_out_of_time = next.what == what_next::give_up && next.was_demanded;
    if (!is_out_of_time) return after_attempts(outcome.error(), number);
    return out_of_turns(op.doing, wall_clock::now() + next.pause, outcome.error().request_id);
}

std::string in_seconds(clock::duration pause) { return decimal(seconds(pause).count(), 1) + " s"; }

} // namespace

std::size_t requester::connections_allowed() {
    constexpr std::size_t share = 4;
    rlimit open_files{};
    if (::getrlimit(RLIMIT_NOFILE, &open_files) != 0) return 1;
    return std::clamp<std::size_t>(open_files.rlim_cur / share, 1, connections_max);
}

boost::asio::awaitable<void> requester::sleep(clock::duration pause) {
    auto const executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, pause);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

async_result<requester::place> requester::wait_for_turn(operation const& op) {
    while (true) {
        auto own = co_await places_.enter(limit_);
        if (!own) co_return out_of_time(op.doing);
        auto const turn = co_await budget_.take();
        if (!turn) co_return std::move(own);
        own.reset();
        auto const pause = duration_cast<clock::duration>(*turn - wall_clock::now());
        if (pause > limit_.left()) co_return out_of_turns(op.doing, *turn);
        announce_turn(op, *turn, pause);
        co_await sleep(pause);
    }
}

void requester::announce_turn(
    operation const& op, wall_clock::time_point turn, clock::duration pause
) {
    if (turn == announced_) return;
    announced_ = turn;
    auto const sentence = limit_is_used_up + std::string("; continuing in ") + in_seconds(pause);
    log_.note(op.doing + ": " + sentence);
    log_.progress(sentence);
}

boost::asio::awaitable<requester::exchange> requester::attempt_once(operation const& op) {
    auto const began = wall_clock::now();
    auto const answer = co_await https_.exchange(op.request, token_, limit_);
    if (wall_clock::now() - began > window_grace) budget_.count_later(began);
    exchange e;
    if (!answer) {
        e.outcome = in_context(op.doing, answer.error());
        co_return e;
    }
    auto const now = wall_clock::now();
    e.rate = rate_in(answer->headers, now);
    auto const date = answer->headers.find("date");
    auto const has_date = date != answer->headers.end();
    last_seen_ = {has_date ? net::date_in(date->second) : std::nullopt, now, e.rate};
    if (answer->status != op.expected) {
        e.outcome = failure_of(*answer, op.doing, op.scope, token_.reveal());
    } else if (answer->status == 204) {
        e.outcome = json::value();
    } else {
        e.outcome = parse_json(answer->body);
        if (!e.outcome) e.outcome = in_context(op.doing, e.outcome.error());
    }
    co_return e;
}

next_step requester::judge(
    std::string_view method, result<json::value> const& outcome, rate_info rate, unsigned number
) {
    attempt a{.method = method, .rate = rate, .number = number, .left = limit_.left()};
    if (!outcome) a.failure = outcome.error().kind;
    a.now = wall_clock::now();
    a.chance = std::uniform_real_distribution<double>(0, 1)(random_);
    auto const next = after(a);
    auto const is_over = next.what == what_next::give_up && !next.was_demanded;
    if (a.failure == error_kind::rate_limited && !is_over) {
        budget_.close_until(a.now + duration_cast<wall_clock::duration>(next.pause));
    }
    return next;
}

boost::asio::awaitable<ending> requester::send(operation const& op) {
    ending end;
    for (unsigned number = 1;; ++number) {
        auto turn = co_await wait_for_turn(op);
        if (!turn) {
            end.outcome = after_attempts(turn.error(), number - 1);
            co_return end;
        }
        auto e = co_await attempt_once(op);
        turn->reset();
        auto const next = judge(op.request.method, e.outcome, e.rate, number);
        end.outcome = std::move(e.outcome);
        if (next.what != what_next::repeat) {
            end.outcome = final_outcome(std::move(end.outcome), op, next, number);
            co_return end;
        }
        auto const& failure = end.outcome.error();
        end.was_doubtful = end.was_doubtful || is_ambiguous(failure.kind);
        co_await announce_and_sleep(failure, next.pause);
    }
}

boost::asio::awaitable<void>
requester::announce_and_sleep(error const& failure, clock::duration pause) {
    auto const again = "; trying again in " + in_seconds(pause);
    log_.note(failure.text() + again);
    log_.progress(failure.message + again);
    co_await sleep(pause);
}

boost::asio::awaitable<bool> requester::pause_after(unsigned number, error const& failure) {
    auto const next = judge("POST", failure, {}, number);
    if (next.what != what_next::look_up) co_return false;
    log_.note(
        failure.text() + "; checking in " + in_seconds(next.pause) + " whether it was carried out"
    );
    co_await sleep(next.pause);
    co_return true;
}

} // namespace acme_dns01::digitalocean
