#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <string>
#include <system_error>

namespace acme_dns01 {

// A hint if `why` says that this host gives a process no more descriptors, threads or memory.
// Empty for any other reason.
std::string hint_for_shortage(std::error_code const& why);

// The same failure; in a shortage error_kind::unreachable with that hint, since neither the file
// nor the server that the message names is at fault.
error unless_short(error cause, std::error_code const& why);

// Throws std::bad_alloc unless there are so many bytes in one piece. For what a library is about to
// need that does not look whether it got memory.
void require_memory(std::size_t bytes);

} // namespace acme_dns01
