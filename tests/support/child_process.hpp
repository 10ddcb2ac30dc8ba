#pragma once

#include <functional>
#include <sys/types.h>

namespace acme_dns01::test {

// A copy of this process that ends, without its parent's clean-up, when `work` is done: with 0 if
// that was true.
pid_t child_that(std::function<bool()> const& work);

inline constexpr pid_t any_child = -1;

// Waits for it to end.
bool succeeded(pid_t child);

// What this process's command is from now on (`comm` in /proc).
bool is_called(char const* name);

} // namespace acme_dns01::test
