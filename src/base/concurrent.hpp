#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
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
    for (auto const& failure : std::get<1>(ended))
        if (failure) std::rethrow_exception(failure);
    co_return std::get<2>(std::move(ended));
}

// Runs two tasks with results of different types.
template <class A, class B>
boost::asio::awaitable<std::pair<A, B>>
both_at_once(boost::asio::awaitable<A> one, boost::asio::awaitable<B> other) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto ended = co_await (std::move(one) && std::move(other));
    co_return std::pair<A, B>(std::get<0>(std::move(ended)), std::get<1>(std::move(ended)));
}

// Runs `count` tasks, at most `width` at a time; returns their values in the tasks' order.
// `task(i)` starts the i-th.
template <class T>
boost::asio::awaitable<std::vector<T>> a_few_at_once(
    std::size_t width, std::size_t count, std::function<boost::asio::awaitable<T>(std::size_t)> task
) {
    std::vector<T> values(count);
    std::size_t next = 0;
    auto const work = [&]() -> boost::asio::awaitable<bool> {
        while (next < count) {
            auto const i = next++;
            auto value = co_await task(i);
            values[i] = std::move(value);
        }
        co_return true;
    };
    std::vector<boost::asio::awaitable<bool>> workers;
    for (std::size_t i = 0; i < std::min(width, count); ++i)
        workers.push_back(work());
    co_await all_at_once(std::move(workers));
    co_return values;
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
