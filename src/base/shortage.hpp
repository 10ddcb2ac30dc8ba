#pragma once

#include "base/error.hpp"

#include <string>
#include <system_error>

namespace acme_dns01 {

// A hint if `why` says that this host gives a process no more descriptors, threads or memory.
// Empty for any other reason.
std::string hint_for_shortage(std::error_code const& why);

// The same failure; in a shortage error_kind::unreachable with that hint, since neither the file
// nor the server that the message names is at fault.
error unless_short(error cause, std::error_code const& why);

} // namespace acme_dns01
