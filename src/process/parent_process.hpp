#pragma once

#include "process/process.hpp"

#include <string_view>

namespace acme_dns01 {

// The client that started us: the nearest ancestor that runs a program or script called `client`,
// or else the nearest one that is not a mere go-between (a shell, timeout, sudo), because clients
// start hooks through `sh -c`, and administrators put scripts in between. Looks at most 16 levels
// up; this process itself if nothing is found. If the client is a shell script, this is the script
// and not one of its subshells.
process_id calling_process(std::string_view client);

// True if `caller` is certainly no ancestor any more: it has ended, or a process between it and us
// has. If `caller` is this process: true if the process that started us has ended. An ancestor's
// end is not detected if the process that adopts its children (a subreaper, or the first process of
// a container) is in our session.
bool is_cut_off_from(process_id const& caller);

} // namespace acme_dns01
