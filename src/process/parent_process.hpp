#pragma once

#include "process/process.hpp"

#include <string_view>

namespace acme_dns01 {

// Who started us, `client` being who that should be: the nearest ancestor that runs a program or
// script of this name, or else the nearest one that is no shell or the like (timeout, sudo), since
// clients call their hooks through `sh -c`, and people put scripts in between. At most 16 levels
// up; this process itself where nothing is known. Where the client is a shell script, that is the
// script itself and not one of its subshells.
process_id calling_process(std::string_view client);

// Whether it is known that no ancestor of ours is this process any more: since it has ended, or
// what it has called us through. Of this process itself: whether what started it has ended. That is
// not seen where whoever has taken us over belongs to our session, as the first process of a
// container may.
bool is_cut_off_from(process_id const& caller);

} // namespace acme_dns01
