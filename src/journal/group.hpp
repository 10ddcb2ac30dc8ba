#pragma once

#include "base/async_result.hpp"
#include "journal/database.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace acme_dns01::journal {

// The writes of coroutines that run side by side. Those that are ready together reach the disk
// together: one transaction, whose flushes take the time, for all of them.
//
// The first step asks for a commit, which lets all other coroutines that can run go first, and
// again as long as another step has joined meanwhile. While it is at the disk, further answers
// gather at the sockets, and their steps are the next commit: the slower the disk, the more of
// them. A single step is written as it is.
class group {
public:
    using step = std::function<result<void>()>;

    // In one transaction; more steps take several. As many requests run side by side.
    static constexpr std::size_t steps_max = 100;

    group() = default;
    // Only while no step waits: a step knows its database.
    group(group&&) noexcept = default;
    group& operator=(group&&) = delete;
    ~group();

    // Returns when the step is on the disk, with the step's own outcome. A step that fails undoes
    // only itself; if the transaction fails, all of its steps fail with that error. A coroutine
    // that is cancelled or destroyed before the commit takes its step back, which is never called
    // then. `into` must live as long as this.
    async_result<void> write(database& into, step what);

private:
    struct batch;
    struct place;

    place join(boost::asio::any_io_executor const& executor, database& into, step what);
    static void commit_soon(std::shared_ptr<batch> const& all, std::size_t seen);

    std::weak_ptr<batch> open_; // the one that takes steps; its commit and its coroutines keep it
};

} // namespace acme_dns01::journal
