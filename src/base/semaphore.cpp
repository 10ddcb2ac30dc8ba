#include "base/semaphore.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <list>

namespace acme_dns01 {

namespace asio = boost::asio;

namespace {

// It is in the queue while it exists: its coroutine may be destroyed while it waits. If it has been
// given a permit by then, that one is given back.
struct waiting {
    waiting(std::list<waiting*>& in, asio::any_io_executor const& executor)
        : queue(in), admitted_or_late(executor) {
        queue.push_back(this);
    }
    waiting(waiting const&) = delete;
    waiting& operator=(waiting const&) = delete;
    ~waiting() { queue.remove(this); }

    std::list<waiting*>& queue;
    asio::steady_timer admitted_or_late;
    std::optional<async_semaphore::permit> given{};
};

} // namespace

struct async_semaphore::state {
    asio::any_io_executor executor;
    std::size_t places_left;
    std::list<waiting*> queue{};
};

async_semaphore::permit::~permit() {
    if (!state_) return;
    if (state_->queue.empty()) {
        ++state_->places_left;
        return;
    }
    auto& next = *state_->queue.front();
    state_->queue.pop_front();
    next.given.emplace(std::move(state_));
    next.admitted_or_late.cancel();
}

async_semaphore::async_semaphore(asio::any_io_executor executor, std::size_t places)
    : state_(std::make_shared<state>(state{std::move(executor), places})) {}

asio::awaitable<std::optional<async_semaphore::permit>> async_semaphore::enter(deadline until
) const {
    auto const s = state_;
    if (s->places_left > 0) {
        --s->places_left;
        co_return permit(s);
    }
    waiting self(s->queue, s->executor);
    boost::system::error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    self.admitted_or_late.expires_at(until.end());
    co_await self.admitted_or_late.async_wait(token);
    co_return std::move(self.given);
}

} // namespace acme_dns01
