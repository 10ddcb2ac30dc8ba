#pragma once

#include <functional>
#include <sys/types.h>

namespace acme_dns01::test {

// A copy of this process that runs `work` and ends without any clean-up: with status 0 if the
// result was true.
pid_t child_that(std::function<bool()> const& work);

inline constexpr pid_t any_child = -1;

// Waits for its end.
bool succeeded(pid_t child);

// Sets this process's command name (`comm` in /proc).
bool is_called(char const* name);

} // namespace acme_dns01::test
