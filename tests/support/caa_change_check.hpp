#pragma once

#include "caa/change.hpp"

#include <vector>

namespace acme_dns01::test {

// The levels as DNS would show them after the change.
std::vector<caa::level> levels_after(std::vector<caa::level> climb, caa::change const& c);

// Checks that the change permits the request and no more: not other CAs; not other accounts or
// methods, if it restricts them; not the plain name, if it is for wildcards only.
void check_change(
    caa::request r,
    caa::restrictions const& w,
    std::vector<caa::level> const& climb,
    caa::change const& c
);

} // namespace acme_dns01::test
