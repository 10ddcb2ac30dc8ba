#include "dns/first_answer.hpp"

#include "base/background_tasks.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace acme_dns01::dns {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

struct answers {
    explicit answers(asio::any_io_executor const& executor) : changed(executor) {}
    std::vector<told> come; // in the order in which they came
    asio::steady_timer changed;
};

awaitable<bool>
ask_one(std::shared_ptr<answers> all, endpoint server, question asked, ask_options options) {
    told t{server};
    t.answer = co_await ask(server, std::move(asked), options);
    all->come.push_back(std::move(t));
    all->changed.cancel();
    co_return true;
}

// Until there are more than `count`, or until `end`.
awaitable<void> wait_for_more(answers& all, std::size_t count, clock::time_point end) {
    while (all.come.size() <= count && clock::now() < end) {
        boost::system::error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        all.changed.expires_at(end);
        co_await all.changed.async_wait(token);
    }
}

} // namespace

awaitable<std::optional<told>> first_answer(
    std::vector<endpoint> servers,
    question asked,
    ask_options options,
    std::function<bool(message const&)> is_useful
) {
    auto const executor = co_await asio::this_coro::executor;
    auto const all = std::make_shared<answers>(executor);
    background_tasks questions(executor);
    std::size_t seen = 0;
    for (std::size_t started = 0; seen < servers.size();) {
        auto const are_left = started < servers.size();
        if (are_left) questions.start(ask_one(all, servers[started++], asked, options));
        auto const end = are_left && started < servers.size() ? clock::now() + head_start
                                                              : clock::time_point::max();
        co_await wait_for_more(*all, seen, end);
        for (; seen < all->come.size(); ++seen) {
            auto const& t = all->come[seen];
            if (t.answer && is_useful(*t.answer)) co_return t;
        }
    }
    if (all->come.empty()) co_return std::nullopt;
    co_return all->come.back();
}

} // namespace acme_dns01::dns
