#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <memory>
#include <utility>
#include <vector>

namespace acme_dns01 {

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
