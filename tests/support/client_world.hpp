#pragma once

#include "sandbox/local_digitalocean.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/pebble.hpp"

#include <atomic>
#include <cstddef>
#include <future>
#include <memory>
#include <vector>

namespace acme_dns01::test {

// A sandbox and a CA for one ACME client.
struct client_world {
    explicit client_world(sandbox::options const& o) : s(o) {}

    sandbox::temporary_folder scratch{"acme-dns01-test"};
    sandbox::local_digitalocean s;
    pebble ca{s, scratch.path()};
};

// Not for several threads at once: free ports for Pebble are found first and bound later.
std::unique_ptr<client_world> new_world(sandbox::options const& o);

// The results of work(0) to work(count - 1), in this order. Several run at once, because
// clients, hooks and Pebble mostly wait. Boost.Test is for one thread: `work` must leave its checks
// to the caller.
template <class Result, class Work>
std::vector<Result> side_by_side(std::size_t count, Work const& work) {
    constexpr std::size_t at_once = 4;
    std::vector<Result> results(count);
    std::atomic<std::size_t> next = 0;
    auto const worker = [&] {
        for (auto i = next++; i < count; i = next++)
            results[i] = work(i);
    };
    std::vector<std::future<void>> workers;
    for (std::size_t i = 0; i < at_once; ++i)
        workers.push_back(std::async(std::launch::async, worker));
    for (auto& w : workers)
        w.get();
    return results;
}

} // namespace acme_dns01::test
