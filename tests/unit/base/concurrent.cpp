#include "base/concurrent.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

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

} // namespace

BOOST_AUTO_TEST_SUITE(base_concurrent)

BOOST_AUTO_TEST_CASE(values_come_in_the_order_of_the_tasks_whatever_ends_first) {
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

BOOST_AUTO_TEST_CASE(no_tasks_are_no_values) {
    auto const o = gather({});
    BOOST_TEST(o.ended);
    BOOST_TEST(o.gathered.empty());
}

BOOST_AUTO_TEST_CASE(a_bug_in_one_comes_out_once_all_have_ended) {
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

BOOST_AUTO_TEST_CASE(a_few_at_once_are_never_more) {
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

BOOST_AUTO_TEST_SUITE_END()
