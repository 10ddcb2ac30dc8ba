#pragma once

#include "base/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace acme_dns01 {

// At most `places` permits exist at once; other callers wait in the order of their arrival.
class async_semaphore {
    struct state;

public:
    // One place, given back when this object is destroyed.
    class permit {
    public:
        explicit permit(std::shared_ptr<state> s) : state_(std::move(s)) {}
        permit(permit&&) noexcept = default;
        permit& operator=(permit&&) = delete;
        ~permit();

    private:
        std::shared_ptr<state> state_; // null if moved from
    };

    async_semaphore(boost::asio::any_io_executor executor, std::size_t places);

    // Nothing if the deadline or a cancellation came first.
    boost::asio::awaitable<std::optional<permit>> enter(deadline until) const;

private:
    std::shared_ptr<state> state_;
};

} // namespace acme_dns01
