#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "digitalocean/operation.hpp"
#include "digitalocean/rate.hpp"
#include "digitalocean/retry.hpp"
#include "net/https_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <random>

namespace acme_dns01::digitalocean {

// Brings an operation to the API, as often as it takes: paced by the token's budget, repeated as
// retry says, all within the deadline.
class requester {
public:
    // Everything given must outlive the requester.
    requester(
        net::https_client& https, secret const& token, budget& shared, deadline limit, log notes
    )
        : https_(https), token_(token), budget_(shared), limit_(limit), log_(std::move(notes)) {}

    // The JSON of the expected answer, null where it has none. A POST that ended without saying
    // whether it was acted upon (is_ambiguous) is not sent again: that is for the caller to find
    // out. Errors say what was being done and how often it was tried, and carry the API's own
    // message and request id; a token that the server repeats is taken out.
    async_result<boost::json::value> send(operation const& op);

    // An earlier attempt of the last request may have been acted upon.
    bool was_doubtful() const { return was_doubtful_; }

    // Waits before something is done once more, after `number` attempts; false where there is no
    // time for that.
    boost::asio::awaitable<bool> pause_after(unsigned number, error const& failure);

    // Tells people how far a long listing is.
    void tell(std::string const& sentence) const { log_.progress(sentence); }

private:
    struct ending {
        result<boost::json::value> outcome = error();
        rate_told told{};
    };
    async_result<void> wait_for_turn(operation const& op);
    boost::asio::awaitable<ending> attempt_once(operation const& op);
    next_step judge(operation const& op, ending const& e, unsigned number);
    boost::asio::awaitable<void> sleep(clock::duration pause);
    // Where the request was cancelled there is no next time, and this is not even begun.
    boost::asio::awaitable<void> tell_and_sleep(error const& failure, clock::duration pause);
    double chance() { return std::uniform_real_distribution<double>(0, 1)(random_); }

    net::https_client& https_;
    secret const& token_;
    budget& budget_;
    deadline limit_;
    log log_;
    bool was_doubtful_ = false;
    std::mt19937 random_{std::random_device{}()};
};

} // namespace acme_dns01::digitalocean
