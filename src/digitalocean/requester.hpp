#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "base/semaphore.hpp"
#include "digitalocean/operation.hpp"
#include "digitalocean/retry.hpp"
#include "net/https_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <random>

namespace acme_dns01::digitalocean {

// The requests that one token has left, as this host counts them: journal::ledger does, for all its
// processes. As it is, it counts nothing and lets every request leave.
struct request_budget {
    // Counts a request that leaves now. If none may leave, nothing is counted, and this is when to
    // ask again.
    std::function<boost::asio::awaitable<std::optional<wall_clock::time_point>>()> take =
        []() -> boost::asio::awaitable<std::optional<wall_clock::time_point>> {
        co_return std::nullopt;
    };
    // The answer to the one that was counted at this moment came so late that it may have arrived
    // after window_grace: with a hundred at once, connections take a while.
    std::function<void(wall_clock::time_point)> count_later = [](auto) {};
    // After a 429: no request may leave before this moment.
    std::function<void(wall_clock::time_point)> close_until = [](auto) {};
};

// How an operation ended, after as many attempts as it took.
struct ending {
    result<boost::json::value> outcome = error();
    // An attempt before the last one may have been carried out although it failed.
    bool was_doubtful = false;
};

// Sends operations to the API, each as often as it takes: paced by the token's budget, repeated as
// retry.hpp says, all within the deadline. Any number may be sent side by side: connections_max of
// them are on their way at a time, each over a connection of its own.
class requester {
public:
    // `https` and `token` must outlive the requester.
    requester(
        net::https_client& https,
        secret const& token,
        request_budget budget,
        deadline limit,
        log notes
    )
        : https_(https)
        , token_(token)
        , budget_(std::move(budget))
        , limit_(limit)
        , places_(https.executor(), connections_allowed())
        , log_(std::move(notes)) {}

    boost::asio::any_io_executor const& executor() const { return https_.executor(); }

    // The JSON of the expected answer, null if it has none. A POST whose outcome is unknown
    // (is_ambiguous) is not sent again: the caller has to find out. Errors say what was being done
    // and how often it was tried, and carry the API's own message and request id; a token that the
    // server repeats is taken out.
    boost::asio::awaitable<ending> send(operation const& op);

    // Waits before a POST whose outcome is unknown is looked up, after `number` attempts; false if
    // there is no time for that.
    boost::asio::awaitable<bool> pause_after(unsigned number, error const& failure);

    // As many as a certificate of Let's Encrypt has names: each of its records is created, and
    // removed, in the time of one request. One is opened only when all others are in use, so that
    // an order has no more than it has names. More would only use up the API's 250 requests a
    // minute faster. A hundred take 13 MB.
    static constexpr std::size_t connections_max = 100;
    // Nothing before the first answer.
    std::optional<sighting> const& last_seen() const { return last_seen_; }

    // Shows how far a long listing is.
    void show_progress(std::string const& sentence) const { log_.progress(sentence); }

private:
    struct exchange {
        result<boost::json::value> outcome = error();
        rate_info rate{};
    };
    // Fewer where the limit on open files is low, as the wait needs some too.
    static std::size_t connections_allowed();
    using place = std::optional<async_semaphore::permit>;
    // A place among those on their way, for a request that is counted in the budget. A request
    // takes its place first: it is counted when it leaves, and no place waits for the budget.
    async_result<place> wait_for_turn(operation const& op);
    void announce_turn(operation const& op, wall_clock::time_point turn, clock::duration pause);
    boost::asio::awaitable<exchange> attempt_once(operation const& op);
    next_step judge(
        std::string_view method,
        result<boost::json::value> const& outcome,
        rate_info rate,
        unsigned number
    );
    boost::asio::awaitable<void> sleep(clock::duration pause);
    // A coroutine of its own: if the request was cancelled, it does not even start, and nothing
    // is announced that will not happen.
    boost::asio::awaitable<void> announce_and_sleep(error const& failure, clock::duration pause);

    net::https_client& https_;
    secret const& token_;
    request_budget budget_;
    deadline limit_;
    async_semaphore places_;
    // The latest moment that the budget gave, so that many that wait for it announce it once.
    wall_clock::time_point announced_{};
    log log_;
    std::optional<sighting> last_seen_;
    std::mt19937 random_{std::random_device{}()};
};

} // namespace acme_dns01::digitalocean
