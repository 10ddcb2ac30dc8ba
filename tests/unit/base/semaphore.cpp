#include "base/semaphore.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(base_gate)

using namespace acme_dns01;
namespace asio = boost::asio;
using boost::test_tools::per_element;
using texts = std::vector<std::string>;

namespace {

auto const late = deadline::in(std::chrono::hours(1));

// Enters, stays for some turns of the others, and leaves.
asio::awaitable<void>
visit(async_semaphore g, deadline until, std::string name, texts& seen, int turns = 3) {
    auto const executor = co_await asio::this_coro::executor;
    auto const place = co_await g.enter(until);
    seen.push_back(name + (place ? " in" : " turned away"));
    if (!place) co_return;
    for (int i = 0; i < turns; ++i)
        co_await asio::post(executor, asio::use_awaitable);
    seen.push_back(name + " out");
}

void start(asio::io_context& context, asio::awaitable<void> visitor) {
    asio::co_spawn(context, std::move(visitor), [](std::exception_ptr) {});
}

} // namespace

BOOST_AUTO_TEST_CASE(permits_are_limited_and_given_in_order_of_arrival) {
    asio::io_context context(1);
    texts seen;
    async_semaphore const g(context.get_executor(), 2);
    for (auto const* name : {"a", "b", "c", "d"})
        start(context, visit(g, late, name, seen));
    context.run();
    texts const expected{"a in", "b in", "a out", "b out", "c in", "d in", "c out", "d out"};
    BOOST_TEST(seen == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_waiter_whose_deadline_passes_takes_no_place) {
    asio::io_context context(1);
    texts seen;
    async_semaphore const g(context.get_executor(), 1);
    // The place stays taken until one caller has given up.
    auto const stay = [&]() -> asio::awaitable<void> {
        auto const executor = co_await asio::this_coro::executor;
        auto const place = co_await g.enter(late);
        while (seen.empty())
            co_await asio::post(executor, asio::use_awaitable);
    };
    start(context, stay());
    start(context, visit(g, deadline::in(std::chrono::milliseconds(5)), "hasty", seen));
    start(context, visit(g, late, "patient", seen));
    context.run();
    texts const expected{"hasty turned away", "patient in", "patient out"};
    BOOST_TEST(seen == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_cancelled_waiter_takes_no_place) {
    asio::io_context context(1);
    texts seen;
    async_semaphore const g(context.get_executor(), 1);
    asio::cancellation_signal signal;
    start(context, visit(g, late, "first", seen, 9));
    asio::co_spawn(
        context,
        visit(g, late, "cancelled", seen),
        asio::bind_cancellation_slot(signal.slot(), [](std::exception_ptr) {})
    );
    start(context, visit(g, late, "last", seen));
    asio::post(context, [&] { signal.emit(asio::cancellation_type::terminal); });
    context.run();
    texts const expected{"first in", "cancelled turned away", "first out", "last in", "last out"};
    BOOST_TEST(seen == expected, per_element());
}

// As when a program ends.
BOOST_AUTO_TEST_CASE(a_destroyed_waiter_leaves_the_queue) {
    texts seen;
    {
        asio::io_context context(1);
        async_semaphore const g(context.get_executor(), 1);
        start(context, visit(g, late, "first", seen, 1000));
        start(context, visit(g, late, "second", seen));
        context.poll_one();
        context.poll_one();
    }
    BOOST_TEST(seen == texts{"first in"}, per_element());
}

BOOST_AUTO_TEST_SUITE_END()
