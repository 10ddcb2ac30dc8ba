#pragma once

#include "caa/change.hpp"

#include <vector>

namespace acme_dns01::test {

// The climb once the change is made, as the DNS would show it then.
std::vector<caa::level> levels_after(std::vector<caa::level> climb, caa::change const& c);

// With the change made, the request is permitted as restricted and no more: not to other CAs,
// not to other accounts or methods where it pins, not for the plain name where it is for wildcards.
void check_change(
    caa::request r,
    caa::restrictions const& w,
    std::vector<caa::level> const& climb,
    caa::change const& c
);

} // namespace acme_dns01::test
