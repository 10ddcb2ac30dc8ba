#pragma once

#include "challenge/wait/loop.hpp"
#include "persist/check.hpp"
#include "persist/publish.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace acme_dns01::cli {

// The results of the persist commands, for people and for programs. Pure.

boost::json::object to_json(persist::checked const& c);
std::vector<std::string> lines_for(persist::checked const& c);

// All records of the name, each with its state.
std::vector<std::string> lines_for_records(persist::checked const& c);

// The failure of `check` and `set`, whose results are printed all the same; none where all are
// valid. A failed look-up outweighs CAA, and that outweighs all others.
result<void> outcome_of(std::vector<persist::checked> const& all);

// The records of a name before and after, and what the wanted one permits.
std::vector<std::string> lines_for(persist::change const& c, persist::record const& wanted);
// Those that are to go.
std::vector<std::string> lines_for_removal(persist::change const& c);

// {"record","replaced"}.
boost::json::object to_json(persist::change const& c);

// {"removed","already_gone"}, as `cleanup` has them.
boost::json::object to_json_removed(std::vector<persist::published> const& all);
std::vector<std::string> lines_for_removed(persist::published const& p);

} // namespace acme_dns01::cli
