#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace acme_dns01::test {

// Runs a coroutine in an event loop of its own and returns its result.
template <class T>
T run(boost::asio::awaitable<T> task) {
    boost::asio::io_context io(1);
    std::optional<T> outcome;
    auto const keep = [&](std::exception_ptr const& e, T value) {
        if (e) std::rethrow_exception(e);
        outcome.emplace(std::move(value));
    };
    boost::asio::co_spawn(io, std::move(task), keep);
    io.run();
    return std::move(*outcome);
}

} // namespace acme_dns01::test
