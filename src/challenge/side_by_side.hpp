#pragma once

#include "base/concurrent.hpp"
#include "digitalocean/requester.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace acme_dns01::challenge {

// Runs task(i) for each of the keys, as many at a time as there may be connections to the API;
// returns the values in the keys' order. Tasks with equal keys run one after the other: a record
// whose creation had no clear answer is looked for by its name and value, and must not be mistaken
// for an equal one that is just being made.
template <class T>
boost::asio::awaitable<std::vector<T>> side_by_side(
    std::vector<std::string> keys, std::function<boost::asio::awaitable<T>(std::size_t)> task
) {
    std::vector<T> values(keys.size());
    std::map<std::string, std::size_t> lane_of;
    std::vector<std::vector<std::size_t>> lanes;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        auto const [lane, is_new] = lane_of.try_emplace(keys[i], lanes.size());
        if (is_new) lanes.emplace_back();
        lanes[lane->second].push_back(i);
    }
    std::function<boost::asio::awaitable<bool>(std::size_t)> const drive =
        [&](std::size_t lane) -> boost::asio::awaitable<bool> {
        for (auto const i : lanes[lane]) {
            auto value = co_await task(i);
            values[i] = std::move(value);
        }
        co_return true;
    };
    co_await a_few_at_once(digitalocean::requester::connections_max, lanes.size(), drive);
    co_return values;
}

} // namespace acme_dns01::challenge
