#pragma once

#include "challenge/cleanup.hpp"
#include "challenge/wait/loop.hpp"
#include "journal/store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace acme_dns01::cli {

// Results as people and as programs read them. Pure.

boost::json::array to_json(std::vector<journal::entry> const& created);
boost::json::object to_json(challenge::propagation_report const& report);
boost::json::object to_json(challenge::cleaned const& done);
boost::json::object
to_json(std::vector<journal::entry> const& outstanding, std::chrono::system_clock::time_point now);

std::string line_for(journal::entry const& created);
std::string line_for(challenge::propagation_report const& report);
std::vector<std::string> lines_for(challenge::cleaned const& done);
std::vector<std::string> lines_for(
    std::vector<journal::entry> const& outstanding, std::chrono::system_clock::time_point now
);

} // namespace acme_dns01::cli
