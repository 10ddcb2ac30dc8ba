#include "base/background_tasks.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace acme_dns01;
namespace asio = boost::asio;
using boost::test_tools::per_element;
using texts = std::vector<std::string>;

namespace {

// Waits for ever, unless it is cancelled.
asio::awaitable<bool> wait(texts& seen) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_at(asio::steady_timer::time_point::max());
    boost::system::error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    seen.emplace_back("waiting");
    co_await timer.async_wait(token);
    seen.emplace_back(ec == asio::error::operation_aborted ? "cancelled" : "over");
    co_return true;
}

asio::awaitable<bool> fail(texts& seen) {
    seen.emplace_back("failing");
    auto const executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    throw std::runtime_error("its own affair");
}

// What this one, and one that waits, have done until all is over. What they accompany ends where
// both have begun.
texts seen_of(asio::awaitable<bool> (*first)(texts&)) {
    asio::io_context context(1);
    texts seen;
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

BOOST_AUTO_TEST_SUITE(base_companions)

BOOST_AUTO_TEST_CASE(tasks_are_cancelled_when_their_object_is_destroyed) {
    texts const expected{"waiting", "waiting", "end", "cancelled", "cancelled"};
    BOOST_TEST(seen_of(wait) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_failing_task_does_not_affect_the_others) {
    texts const expected{"failing", "waiting", "end", "cancelled"};
    BOOST_TEST(seen_of(fail) == expected, per_element());
}

BOOST_AUTO_TEST_SUITE_END()
