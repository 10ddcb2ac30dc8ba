#pragma once

#include "caa/change.hpp"
#include "caa/survey.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace acme_dns01::cli {

// The results of the caa commands, for people and for programs.

boost::json::object to_json(caa::checked const& c);
std::vector<std::string> lines_for(caa::checked const& c);

// The failure of a command whose result is printed all the same; none where all domains are
// permitted. An error outweighs a prohibition.
result<void> outcome_of(std::vector<caa::checked> const& all);

// One domain's levels, its own first: what was found at each, and which one decides.
boost::json::object to_json(std::vector<caa::level> const& climb);
std::vector<std::string> lines_for(std::vector<caa::level> const& climb);
// A failed look-up at or below the deciding level makes the command fail.
result<void> outcome_of(std::vector<std::vector<caa::level>> const& all);

// The records of a name, present and to come.
boost::json::object to_json(caa::change const& c);
std::vector<std::string> lines_for(caa::change const& c);

} // namespace acme_dns01::cli
