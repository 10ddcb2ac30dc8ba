#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace acme_dns01 {

// These functions run several tasks and return when the last one has ended: tasks may refer to
// their caller's objects. A cancellation goes to all of them. If one throws (a bug, or a
// cancellation), the exception is rethrown once all have ended.

inline void rethrow_first(std::vector<std::exception_ptr> const& failures) {
    for (auto const& failure : failures)
        if (failure) std::rethrow_exception(failure);
}

// A task as an operation that has not started yet.
template <class T>
auto operation_of(boost::asio::any_io_executor const& executor, boost::asio::awaitable<T> task) {
    return boost::asio::co_spawn(executor, std::move(task), boost::asio::deferred);
}

// Runs all tasks at once; returns their values in the tasks' order. The caller limits their number.
template <class T>
boost::asio::awaitable<std::vector<T>> all_at_once(std::vector<boost::asio::awaitable<T>> tasks) {
    namespace asio = boost::asio;
    if (tasks.empty()) co_return std::vector<T>();
    auto const executor = co_await asio::this_coro::executor;
    std::vector<decltype(operation_of(executor, std::move(tasks.front())))> operations;
    for (auto& task : tasks)
        operations.push_back(operation_of(executor, std::move(task)));
    auto group = asio::experimental::make_parallel_group(std::move(operations));
    asio::experimental::wait_for_all const condition;
    auto ended = co_await group.async_wait(condition, asio::use_awaitable);
    rethrow_first(std::get<1>(ended));
    co_return std::get<2>(std::move(ended));
}

// Runs two tasks with results of different types.
template <class A, class B>
boost::asio::awaitable<std::pair<A, B>>
both_at_once(boost::asio::awaitable<A> one, boost::asio::awaitable<B> other) {
    namespace asio = boost::asio;
    auto const executor = co_await asio::this_coro::executor;
    auto group = asio::experimental::make_parallel_group(
        operation_of(executor, std::move(one)), operation_of(executor, std::move(other))
    );
    asio::experimental::wait_for_all const condition;
    auto ended = co_await group.async_wait(condition, asio::use_awaitable);
    rethrow_first({std::get<1>(ended), std::get<3>(ended)});
    co_return std::pair<A, B>(std::get<2>(std::move(ended)), std::get<4>(std::move(ended)));
}

// A queue of tasks, worked on by several coroutines.
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

// Runs `count` tasks, at most `width` at a time; returns their values in the tasks' order.
// `task(i)` starts the i-th.
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

// Tasks that are needed only while this object lives. Its destructor cancels them and does not wait
// for them to end.
class background_tasks {
public:
    explicit background_tasks(boost::asio::any_io_executor executor)
        : executor_(std::move(executor)) {}
    background_tasks(background_tasks const&) = delete;
    background_tasks& operator=(background_tasks const&) = delete;
    ~background_tasks() {
        for (auto const& signal : signals_)
            signal->emit(boost::asio::cancellation_type::terminal);
    }

    // The task's result and its exceptions are ignored.
    template <class T>
    void start(boost::asio::awaitable<T> task) {
        namespace asio = boost::asio;
        auto const signal = std::make_shared<asio::cancellation_signal>();
        signals_.push_back(signal);
        // This keeps the signal alive as long as the task.
        auto const at_end = [signal](std::exception_ptr const&, T const&) {};
        asio::co_spawn(
            executor_, std::move(task), asio::bind_cancellation_slot(signal->slot(), at_end)
        );
    }

private:
    boost::asio::any_io_executor executor_;
    std::vector<std::shared_ptr<boost::asio::cancellation_signal>> signals_;
};

} // namespace acme_dns01
