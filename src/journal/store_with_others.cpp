#include "journal/store.hpp"

#include <utility>

namespace acme_dns01::journal {

// Boost's result<bool> takes has_value() for the value if it is made from a constant rvalue of its
// own type, as `co_return` does of a constant: such results are not constant here, and are moved.

template <class T>
async_result<T> store::with_others(std::function<result<T>()> step) {
    result<T> outcome = error();
    group::step const keep = [&]() -> result<void> {
        outcome = step();
        return outcome ? result<void>() : outcome.error();
    };
    auto const done = co_await group_.write(database_, keep);
    if (!done) co_return done.error();
    co_return std::move(outcome);
}

async_result<std::int64_t> store::intend_with_others(intent const& i) {
    std::function<result<std::int64_t>()> const step = [&] { return write_intent(i); };
    auto const key = co_await with_others(step);
    note_intent(i, key ? *key : no_row);
    co_return key;
}

async_result<void>
store::created_with_others(std::int64_t key, std::int64_t id, possible_copies others) {
    note_created(key, id);
    if (key == no_row) co_return result<void>();
    group::step const step = [&] { return write_created(key, id, others); };
    auto const done = co_await group_.write(database_, step);
    co_return done;
}

async_result<void> store::removing_with_others(std::int64_t key) {
    if (key == no_row) co_return result<void>();
    group::step const step = [&] { return removing(key); };
    auto const done = co_await group_.write(database_, step);
    co_return done;
}

async_result<bool> store::claim_with_others(entry const& seen) {
    std::function<result<bool>()> const step = [&] { return claim(seen); };
    auto is_ours = co_await with_others(step);
    co_return std::move(is_ours);
}

async_result<std::optional<std::int64_t>>
store::adopt_with_others(entry const& known, intent const& i) {
    std::function<result<std::optional<std::int64_t>>()> const step = [&] {
        return write_adoption(known, i);
    };
    auto const key = co_await with_others(step);
    note_adoption(known, i, key);
    co_return key;
}

async_result<void> store::forget_with_others(std::int64_t key) {
    note_forgotten(key);
    if (key == no_row) co_return result<void>();
    group::step const step = [&] { return write_forgotten(key); };
    auto const done = co_await group_.write(database_, step);
    co_return done;
}

} // namespace acme_dns01::journal
