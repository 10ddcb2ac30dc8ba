#include "digitalocean/requester.hpp"

#include "base/text.hpp"
#include "digitalocean/failure.hpp"
#include "digitalocean/json.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

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

error after_attempts(error failure, unsigned number) {
    if (number > 1) failure.message += ", tried " + std::to_string(number) + " times";
    return failure;
}

std::string in_seconds(clock::duration pause) { return decimal(seconds(pause).count(), 1) + " s"; }

} // namespace

boost::asio::awaitable<void> requester::sleep(clock::duration pause) {
    auto const executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, pause);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

async_result<void> requester::wait_for_turn(operation const& op) {
    while (true) {
        auto const turn = budget_.take();
        if (!turn) co_return result<void>();
        auto const pause = duration_cast<clock::duration>(*turn - wall_clock::now());
        if (pause > limit_.left()) co_return out_of_turns(op.doing, *turn);
        auto const sentence = limit_is_used_up + std::string("; going on in ") + in_seconds(pause);
        log_.note(op.doing + ": " + sentence);
        log_.progress(sentence);
        co_await sleep(pause);
    }
}

boost::asio::awaitable<requester::ending> requester::attempt_once(operation const& op) {
    auto const answer = co_await https_.exchange(op.request, token_, limit_);
    ending e;
    if (!answer) {
        e.outcome = in_context(op.doing, answer.error());
        co_return e;
    }
    e.told = told_by(answer->headers, wall_clock::now());
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

next_step requester::judge(operation const& op, ending const& e, unsigned number) {
    attempt a;
    a.method = op.request.method;
    if (!e.outcome) a.failure = e.outcome.error().kind;
    a.told = e.told;
    a.number = number;
    a.left = limit_.left();
    a.now = wall_clock::now();
    a.chance = chance();
    auto const next = after(a);
    auto const is_over = next.what == what_next::give_up && !next.was_demanded;
    if (a.failure == error_kind::rate_limited && !is_over) {
        budget_.close_until(a.now + duration_cast<wall_clock::duration>(next.pause));
    }
    return next;
}

async_result<json::value> requester::send(operation const& op) {
    was_doubtful_ = false;
    for (unsigned number = 1;; ++number) {
        auto const turn = co_await wait_for_turn(op);
        if (!turn) co_return after_attempts(turn.error(), number - 1);
        auto e = co_await attempt_once(op);
        auto const next = judge(op, e, number);
        if (e.outcome) co_return std::move(e.outcome);
        auto const& failure = e.outcome.error();
        if (next.what == what_next::give_up && next.was_demanded) {
            co_return out_of_turns(op.doing, wall_clock::now() + next.pause, failure.request_id);
        }
        if (next.what != what_next::repeat) co_return after_attempts(failure, number);
        was_doubtful_ = was_doubtful_ || is_ambiguous(failure.kind);
        co_await tell_and_sleep(failure, next.pause);
    }
}

boost::asio::awaitable<void>
requester::tell_and_sleep(error const& failure, clock::duration pause) {
    auto const going_on = "; trying again in " + in_seconds(pause);
    log_.note(failure.text() + going_on);
    log_.progress(failure.message + going_on);
    co_await sleep(pause);
}

boost::asio::awaitable<bool> requester::pause_after(unsigned number, error const& failure) {
    attempt a;
    a.method = "POST";
    a.failure = failure.kind;
    a.number = number;
    a.left = limit_.left();
    a.chance = chance();
    auto const next = after(a);
    if (next.what != what_next::look_up) co_return false;
    log_.note(
        failure.text() + "; looking in " + in_seconds(next.pause) +
        " whether it was done all the same"
    );
    co_await sleep(next.pause);
    co_return true;
}

} // namespace acme_dns01::digitalocean
