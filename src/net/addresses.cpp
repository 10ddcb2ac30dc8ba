#include "net/addresses.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdlib>

namespace acme_dns01::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

error not_found(std::string const& host, std::string const& why) {
    return {.kind = error_kind::unreachable, .message = "looking up " + host + ": " + why};
}

} // namespace

void limit_name_resolution(seconds limit) {
    auto const timeout = std::clamp(static_cast<int>(limit.count() / 2), 1, 3);
    auto const attempts = limit.count() < 2 ? 1 : 2;
    auto const options =
        "timeout:" + std::to_string(timeout) + " attempts:" + std::to_string(attempts);
    ::setenv("RES_OPTIONS", options.c_str(), 0);
}

async_result<std::vector<tcp::endpoint>> find_addresses(
    asio::any_io_executor executor, std::string const& host, std::string const& port, deadline limit
) {
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
    if (outcome.index() == 1) co_return not_found(host, "the time limit was reached");
    if (resolve_error) co_return not_found(host, resolve_error.message());
    std::vector<tcp::endpoint> found;
    for (auto const& entry : std::get<0>(outcome))
        found.push_back(entry.endpoint());
    co_return found;
}

} // namespace acme_dns01::net
