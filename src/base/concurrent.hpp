#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace acme_dns01 {

// Runs all tasks at once and ends when the last of them has: their values in the tasks' order. An
// exception of one of them (a bug) comes out once all have ended. The caller bounds how many.
template <class T>
boost::asio::awaitable<std::vector<T>> all_at_once(std::vector<boost::asio::awaitable<T>> tasks) {
    namespace asio = boost::asio;
    struct gathering {
        explicit gathering(asio::any_io_executor const& executor) : done(executor) {}
        std::vector<std::optional<T>> values;
        std::exception_ptr failure;
        std::size_t running = 0;
        asio::steady_timer done;
    };
    auto const executor = co_await asio::this_coro::executor;
    auto const state = std::make_shared<gathering>(executor);
    state->values.resize(tasks.size());
    state->running = tasks.size();
    state->done.expires_at(asio::steady_timer::time_point::max());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        asio::co_spawn(executor, std::move(tasks[i]), [state, i](std::exception_ptr e, T value) {
            if (e && !state->failure) state->failure = e;
            state->values[i] = std::move(value);
            if (--state->running == 0) state->done.cancel();
        });
    }
    while (state->running > 0) {
        boost::system::error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        co_await state->done.async_wait(token);
    }
    if (state->failure) std::rethrow_exception(state->failure);
    std::vector<T> values;
    for (auto& value : state->values)
        values.push_back(std::move(*value));
    co_return values;
}

// Keeps a task's value where somebody else will look for it.
template <class T>
boost::asio::awaitable<bool> kept(boost::asio::awaitable<T> task, std::optional<T>& where) {
    auto value = co_await std::move(task);
    where = std::move(value);
    co_return true;
}

// The same as all_at_once, for two tasks of different kinds.
template <class A, class B>
boost::asio::awaitable<std::pair<A, B>>
both_at_once(boost::asio::awaitable<A> one, boost::asio::awaitable<B> other) {
    std::optional<A> a;
    std::optional<B> b;
    std::vector<boost::asio::awaitable<bool>> tasks;
    tasks.push_back(kept(std::move(one), a));
    tasks.push_back(kept(std::move(other), b));
    co_await all_at_once(std::move(tasks));
    co_return std::pair<A, B>(std::move(*a), std::move(*b));
}

// A queue of tasks and those who work on it.
template <class T>
struct task_queue {
    std::function<boost::asio::awaitable<T>(std::size_t)> task;
    std::vector<T> values;
    std::size_t next = 0;

    boost::asio::awaitable<bool> work() {
        while (next < values.size()) {
            auto const i = next++;
            auto value = co_await task(i);
            values[i] = std::move(value);
        }
        co_return true;
    }
};

// Runs `count` tasks, `width` of them at a time, and ends when the last of them has: their values
// in the tasks' order. `task(i)` begins the i-th. An exception of one of them comes out once the
// others have ended.
template <class T>
boost::asio::awaitable<std::vector<T>> a_few_at_once(
    std::size_t width, std::size_t count, std::function<boost::asio::awaitable<T>(std::size_t)> task
) {
    task_queue<T> queue{std::move(task), std::vector<T>(count)};
    std::vector<boost::asio::awaitable<bool>> workers;
    for (std::size_t i = 0; i < std::min(width, count); ++i)
        workers.push_back(queue.work());
    co_await all_at_once(std::move(workers));
    co_return std::move(queue.values);
}

} // namespace acme_dns01
