#pragma once

#include "caa/change.hpp"
#include "caa/survey.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace acme_dns01::cli {

// Results of the caa commands, for people and for programs. Pure.

boost::json::object to_json(caa::checked const& c);
std::vector<std::string> lines_for(caa::checked const& c);

// The failure of a command whose result is printed all the same; none where all domains are
// permitted. An error outweighs a prohibition.
result<void> outcome_of(std::vector<caa::checked> const& all);

// One domain's climb: each level, what was found there, which one decides.
struct shown {
    dns::name domain;
    std::vector<caa::level> climb;
};

boost::json::object to_json(shown const& s);
std::vector<std::string> lines_for(shown const& s);
// A failed look-up at or below the deciding level makes the command fail.
result<void> outcome_of(std::vector<shown> const& all);

// The records of a name, present and to come.
boost::json::object to_json(caa::change const& c);
std::vector<std::string> lines_for(caa::change const& c);

} // namespace acme_dns01::cli
