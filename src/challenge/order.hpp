#pragma once

#include "challenge/wait/loop.hpp"
#include "journal/store.hpp"

#include <vector>

namespace acme_dns01::challenge {

// The records of one order, picked from all that is outstanding: the last hook of a run waits for
// these and for nothing else.
//
// A client calls its hooks one after the other, and `remaining` falls with each. So the order's
// records are the newest ones of its run, backwards for as long as `remaining` rises; where it does
// not, an order before this one, which failed half way, has left its records behind.
std::vector<journal::entry>
records_of_order(std::vector<journal::entry> const& outstanding, journal::run const& owner);

target target_of(journal::intent const& i);

} // namespace acme_dns01::challenge
