#pragma once

#include "challenge/cleanup.hpp"
#include "challenge/wait/loop.hpp"
#include "cli/output/output.hpp"
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

// "example.com/28448446", or the name where the id is not known: what records are called.
std::vector<std::string> labels_of(std::vector<journal::entry> const& records);
// "remove them with `acme-dns01 --state-dir /srv/acme cleanup --id example.com/28448446`": as many
// as a line can hold. `same_place` is settings::same_place.
std::string remedy_for(std::vector<journal::entry> const& records, std::string const& same_place);

// The most lines that are ever drawn.
constexpr std::size_t lines_max = 16;

// One line per address, "  ns1.digitalocean.com  192.0.2.1  serving  0.41 s", in columns. For
// several names, the first line says how many are served everywhere, and only addresses that do not
// serve all of them follow. If not all lines fit, addresses that do not serve come first and the
// last line says how many are left out. If the lines are too long, the addresses are omitted.
std::vector<std::string>
progress_lines(challenge::propagation_report const& report, output::extent room = {});

} // namespace acme_dns01::cli
