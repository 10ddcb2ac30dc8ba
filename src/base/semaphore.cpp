#include "base/semaphore.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <list>

namespace acme_dns01 {

namespace asio = boost::asio;

namespace {

struct waiting {
    explicit waiting(asio::any_io_executor const& executor) : admitted_or_late(executor) {}
    asio::steady_timer admitted_or_late;
    bool is_admitted = false;
};

} // namespace

struct async_semaphore::state {
    asio::any_io_executor executor;
    std::size_t places_left;
    std::list<waiting*> queue{};

    void leave() {
        if (queue.empty()) {
            ++places_left;
            return;
        }
        auto* next = queue.front();
        queue.pop_front();
        next->is_admitted = true;
        next->admitted_or_late.cancel();
    }
};

async_semaphore::permit::~permit() {
    if (state_) state_->leave();
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
    // A destructor, because this coroutine may be destroyed while it waits.
    struct queued {
        explicit queued(state& in) : where(in), self(in.executor) { in.queue.push_back(&self); }
        queued(queued const&) = delete;
        queued& operator=(queued const&) = delete;
        ~queued() {
            if (self.is_admitted && !is_taken) where.leave();
            if (!self.is_admitted) where.queue.remove(&self);
        }
        state& where;
        waiting self;
        bool is_taken = false;
    };
    queued q(*s);
    boost::system::error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    q.self.admitted_or_late.expires_at(until.end());
    co_await q.self.admitted_or_late.async_wait(token);
    if (!q.self.is_admitted) co_return std::nullopt;
    q.is_taken = true;
    co_return permit(s);
}

} // namespace acme_dns01
