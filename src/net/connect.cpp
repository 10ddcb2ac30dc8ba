#include "net/connect.hpp"

#include "base/shortage.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>

namespace acme_dns01::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto out_of_time = "the time limit was reached";

error not_connected(std::string why) {
    return {.kind = error_kind::unreachable, .message = std::move(why)};
}

error not_found(std::string const& host, std::string const& why) {
    return not_connected("looking up " + host + ": " + why);
}

// Attempts to connect, side by side. Those under way keep it alive.
struct race {
    explicit race(asio::any_io_executor const& executor) : changed(executor) {}

    std::deque<beast::tcp_stream> attempts;
    std::size_t failed = 0;
    error failure = not_connected(out_of_time); // of the last one that failed
    std::optional<std::size_t> winner;
    asio::steady_timer changed;
};

// Ends the attempts when the race is decided, or nobody waits for it any more.
struct race_end {
    explicit race_end(race& r) : ended(r) {}
    race_end(race_end const&) = delete;
    race_end& operator=(race_end const&) = delete;
    ~race_end() {
        for (auto& attempt : ended.attempts)
            attempt.close();
    }
    race& ended;
};

void begin(std::shared_ptr<race> const& r, tcp::endpoint const& address, deadline limit) {
    auto const number = r->attempts.size();
    auto& attempt = r->attempts.emplace_back(r->changed.get_executor());
    attempt.expires_at(limit.at_most(to_duration(connect_limit)).end());
    attempt.async_connect(address, [r, number, address](error_code ec) {
        if (ec) {
            ++r->failed;
            auto const where =
                address.address().to_string() + " port " + std::to_string(address.port());
            r->failure = unless_short(not_connected(where + ": " + reason(ec)), ec);
        } else if (!r->winner) {
            r->winner = number;
        }
        r->changed.cancel();
    });
}

} // namespace

std::string reason(error_code ec) {
    return ec == beast::error::timeout ? out_of_time : ec.message();
}

void limit_name_resolution(seconds limit) {
    auto const timeout = std::clamp(static_cast<int>(limit.count() / 2), 1, 3);
    auto const attempts = limit.count() < 2 ? 1 : 2;
    auto const options =
        "timeout:" + std::to_string(timeout) + " attempts:" + std::to_string(attempts);
    ::setenv("RES_OPTIONS", options.c_str(), 0);
}

endpoints interleaved(endpoints const& sorted) {
    std::deque<tcp::endpoint> first;
    std::deque<tcp::endpoint> other;
    for (auto const& address : sorted)
        (address.protocol() == sorted.front().protocol() ? first : other).push_back(address);
    endpoints all;
    while (all.size() < sorted.size()) {
        for (auto* family : {&first, &other}) {
            if (family->empty()) continue;
            all.push_back(family->front());
            family->pop_front();
        }
    }
    return all;
}

async_result<endpoints>
find_addresses(asio::any_io_executor executor, std::string host, std::string port, deadline limit) {
    using namespace asio::experimental::awaitable_operators;
    tcp::resolver resolver(executor);
    asio::steady_timer timer(executor, limit.left());
    error_code resolve_error;
    error_code timer_error;
    auto resolve_token = asio::redirect_error(asio::use_awaitable, resolve_error);
    auto timer_token = asio::redirect_error(asio::use_awaitable, timer_error);
    auto outcome = co_await (
        resolver.async_resolve(host, port, tcp::resolver::numeric_service, resolve_token) ||
        timer.async_wait(timer_token)
    );
    if (outcome.index() == 1) co_return not_found(host, out_of_time);
    if (resolve_error) co_return not_found(host, resolve_error.message());
    endpoints found;
    for (auto const& entry : std::get<0>(outcome))
        found.push_back(entry.endpoint());
    co_return interleaved(found);
}

async_result<tcp::socket>
connect_to_one(asio::any_io_executor executor, endpoints addresses, deadline limit) {
    auto const r = std::make_shared<race>(executor);
    race_end const at_end(*r);
    std::size_t failures_seen = 0;
    auto next_at = clock::now();
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    while (!r->winner) {
        auto const has_more = r->attempts.size() < addresses.size() && !limit.over();
        if (!has_more && r->failed == r->attempts.size()) co_return r->failure;
        auto const is_due = r->failed > failures_seen || clock::now() >= next_at;
        failures_seen = r->failed;
        if (has_more && is_due) {
            begin(r, addresses[r->attempts.size()], limit);
            next_at = clock::now() + attempt_delay;
        }
        r->changed.expires_at(has_more ? next_at : clock::time_point::max());
        co_await r->changed.async_wait(token);
    }
    co_return r->attempts[*r->winner].release_socket();
}

} // namespace acme_dns01::net
