#include "base/concurrent.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>

BOOST_AUTO_TEST_SUITE(base_concurrent)

using namespace acme_dns01;
namespace asio = boost::asio;

namespace {

using values = std::vector<std::string>;
using tasks = std::vector<asio::awaitable<std::string>>;

// Gives others their turn so many times, and says when it is done.
asio::awaitable<std::string> after_turns(int turns, std::string name, values& order) {
    auto const executor = co_await asio::this_coro::executor;
    for (int i = 0; i < turns; ++i)
        co_await asio::post(executor, asio::use_awaitable);
    order.push_back(name);
    co_return name;
}

asio::awaitable<std::string> failing() {
    auto const executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    throw std::runtime_error("a bug");
}

asio::awaitable<std::string>
counting(std::size_t i, std::size_t& running, std::size_t& most, values& order) {
    most = std::max(most, ++running);
    auto name = co_await after_turns(static_cast<int>(i % 4), std::to_string(i), order);
    --running;
    co_return name;
}

// Runs for ever, unless it is cancelled, and then takes a while to end.
asio::awaitable<std::string> endless(std::string name, values& order) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_at(asio::steady_timer::time_point::max());
    boost::system::error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    co_await timer.async_wait(token);
    co_await asio::this_coro::throw_if_cancelled(false);
    auto value = co_await after_turns(5, name, order);
    co_await asio::this_coro::throw_if_cancelled(true);
    co_return value;
}

struct outcome {
    values gathered;
    std::exception_ptr bug;
    bool ended = false;
};

outcome gather(tasks all) {
    asio::io_context context(1);
    outcome o;
    asio::co_spawn(context, all_at_once(std::move(all)), [&](std::exception_ptr e, values v) {
        o = {std::move(v), e, true};
    });
    context.run();
    return o;
}

// Cancelled at once. `order` shows which tasks had ended by then.
template <class T>
bool ends_cancelled(asio::awaitable<T> all, values& order) {
    asio::io_context context(1);
    asio::cancellation_signal signal;
    auto is_cancelled = false;
    asio::co_spawn(
        context,
        std::move(all),
        asio::bind_cancellation_slot(
            signal.slot(),
            [&](std::exception_ptr e, T const&) {
                order.emplace_back("all");
                is_cancelled = e != nullptr;
            }
        )
    );
    asio::post(context, [&] { signal.emit(asio::cancellation_type::terminal); });
    context.run();
    return is_cancelled;
}

// Waits for ever, unless it is cancelled.
asio::awaitable<bool> wait(values& seen) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_at(asio::steady_timer::time_point::max());
    boost::system::error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    seen.emplace_back("waiting");
    co_await timer.async_wait(token);
    seen.emplace_back(ec == asio::error::operation_aborted ? "cancelled" : "over");
    co_return true;
}

asio::awaitable<bool> fail(values& seen) {
    seen.emplace_back("failing");
    auto const executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    throw std::runtime_error("a bug");
}

// The events of two background tasks, the given one and one that waits. "end" is where the work
// that needs them ends.
values seen_of(asio::awaitable<bool> (*first)(values&)) {
    asio::io_context context(1);
    values seen;
    std::optional<background_tasks> both(context.get_executor());
    both->start(first(seen));
    both->start(wait(seen));
    context.poll();
    seen.emplace_back("end");
    asio::post(context, [&] { both.reset(); });
    context.run();
    return seen;
}

} // namespace

BOOST_AUTO_TEST_CASE(values_are_in_the_order_of_the_tasks_whichever_ends_first) {
    values order;
    tasks all;
    all.push_back(after_turns(9, "slow", order));
    all.push_back(after_turns(0, "quick", order));
    all.push_back(after_turns(4, "middling", order));
    auto const o = gather(std::move(all));
    BOOST_TEST(
        o.gathered == (values{"slow", "quick", "middling"}), boost::test_tools::per_element()
    );
    BOOST_TEST(order == (values{"quick", "middling", "slow"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_tasks_give_no_values) {
    auto const o = gather({});
    BOOST_TEST(o.ended);
    BOOST_TEST(o.gathered.empty());
}

BOOST_AUTO_TEST_CASE(an_exception_is_rethrown_once_all_have_ended) {
    values order;
    tasks all;
    all.push_back(failing());
    all.push_back(after_turns(9, "slow", order));
    auto const o = gather(std::move(all));
    BOOST_TEST(o.ended);
    BOOST_TEST(order == values{"slow"}, boost::test_tools::per_element());
    BOOST_REQUIRE(o.bug);
    BOOST_CHECK_THROW(std::rethrow_exception(o.bug), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(no_more_tasks_run_at_once_than_allowed) {
    asio::io_context context(1);
    std::size_t running = 0;
    std::size_t most = 0;
    values order;
    auto const counted_task = [&](std::size_t i) { return counting(i, running, most, order); };
    std::function<asio::awaitable<std::string>(std::size_t)> const task = counted_task;
    values gathered;
    asio::co_spawn(
        context,
        a_few_at_once<std::string>(3, 10, task),
        [&](std::exception_ptr, values v) { gathered = std::move(v); }
    );
    context.run();
    values const expected{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    BOOST_TEST(gathered == expected, boost::test_tools::per_element());
    BOOST_TEST(order.size() == 10U);
    BOOST_TEST(most == 3U);
    BOOST_TEST(running == 0U);
}

BOOST_AUTO_TEST_CASE(two_results_of_different_types_are_a_pair) {
    asio::io_context context(1);
    values order;
    std::pair<std::string, std::size_t> both;
    std::size_t running = 0;
    std::size_t most = 0;
    auto const other = [&]() -> asio::awaitable<std::size_t> {
        auto const name = co_await counting(1, running, most, order);
        co_return name.size();
    };
    asio::co_spawn(
        context,
        both_at_once(after_turns(9, "slow", order), other()),
        [&](std::exception_ptr, std::pair<std::string, std::size_t> p) { both = std::move(p); }
    );
    context.run();
    BOOST_TEST(both.first == "slow");
    BOOST_TEST(both.second == 1U);
    BOOST_TEST(order == (values{"1", "slow"}), boost::test_tools::per_element());
}

// They may refer to what their caller holds.
BOOST_AUTO_TEST_CASE(a_cancellation_reaches_all_tasks_and_awaits_their_end) {
    values const expected{"one", "other", "all"};
    values order;
    tasks all;
    all.push_back(endless("one", order));
    all.push_back(endless("other", order));
    ends_cancelled(all_at_once(std::move(all)), order);
    BOOST_TEST(order == expected, boost::test_tools::per_element());

    order.clear();
    ends_cancelled(both_at_once(endless("one", order), endless("other", order)), order);
    BOOST_TEST(order == expected, boost::test_tools::per_element());

    order.clear();
    std::function<asio::awaitable<std::string>(std::size_t)> const task = [&](std::size_t i) {
        return endless(i == 0 ? "one" : "other", order);
    };
    // Those that had not begun never do.
    BOOST_TEST(ends_cancelled(a_few_at_once<std::string>(2, 5, task), order));
    BOOST_TEST(order == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tasks_are_cancelled_when_their_object_is_destroyed) {
    values const expected{"waiting", "waiting", "end", "cancelled", "cancelled"};
    BOOST_TEST(seen_of(wait) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_failing_task_does_not_affect_the_others) {
    values const expected{"failing", "waiting", "end", "cancelled"};
    BOOST_TEST(seen_of(fail) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
