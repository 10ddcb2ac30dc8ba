#include "journal/group.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace acme_dns01::journal {

namespace asio = boost::asio;

namespace {

struct waiting {
    group::step what; // empty once it was taken back
    result<void> outcome{};
};

result<void> write_each(database& into, std::span<waiting> steps) {
    for (auto& one : steps) {
        if (!one.what) continue;
        one.outcome = into.in_transaction(one.what);
        // The steps before this one are lost, and those after it would be written without them.
        if (!into.is_in_transaction()) return one.outcome;
    }
    return {};
}

void write_together(database& into, std::span<waiting> steps) {
    auto const count = std::ranges::count_if(steps, [](auto const& s) { return bool(s.what); });
    if (count == 0) return;
    if (count == 1) {
        auto& only = *std::ranges::find_if(steps, [](auto const& s) { return bool(s.what); });
        only.outcome = only.what();
        return;
    }
    auto const done = into.in_transaction([&] { return write_each(into, steps); });
    if (done) return;
    for (auto& one : steps)
        one.outcome = done;
}

} // namespace

struct group::batch {
    batch(asio::any_io_executor const& executor, database& where)
        : into(&where), written(executor, asio::steady_timer::time_point::max()) {}

    database* into;             // null once its owner has gone
    asio::steady_timer written; // never expires: cancelled when all is written
    std::vector<waiting> steps{};
    bool is_over = false;
};

// A step among the others, for as long as its coroutine exists.
struct group::place {
    place(std::shared_ptr<batch> b, std::size_t n) : in(std::move(b)), number(n) {}
    place(place const&) = delete;
    place& operator=(place const&) = delete;
    ~place() { in->steps[number].what = nullptr; }

    std::shared_ptr<batch> in;
    std::size_t number;
};

group::~group() {
    auto const all = open_.lock();
    if (all) all->into = nullptr;
}

group::place group::join(asio::any_io_executor const& executor, database& into, step what) {
    auto all = open_.lock();
    auto const is_first = !all || all->is_over;
    if (is_first) all = std::make_shared<batch>(executor, into);
    open_ = all;
    all->steps.push_back({std::move(what)});
    if (is_first) commit_soon(all, 0);
    return {all, all->steps.size() - 1};
}

void group::commit_soon(std::shared_ptr<batch> const& all, std::size_t seen) {
    asio::post(all->written.get_executor(), [all, seen] {
        if (all->into == nullptr) return;
        auto const count = all->steps.size();
        if (count > seen && count < steps_max) return commit_soon(all, count);
        all->is_over = true;
        std::span<waiting> const steps(all->steps);
        for (std::size_t from = 0; from < count; from += steps_max)
            write_together(*all->into, steps.subspan(from, std::min(steps_max, count - from)));
        all->written.cancel();
    });
}

async_result<void> group::write(database& into, step what) {
    auto const executor = co_await asio::this_coro::executor;
    auto const mine = join(executor, into, std::move(what));
    boost::system::error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    co_await mine.in->written.async_wait(token);
    if (!mine.in->is_over) throw boost::system::system_error(ec);
    co_return mine.in->steps[mine.number].outcome;
}

} // namespace acme_dns01::journal
