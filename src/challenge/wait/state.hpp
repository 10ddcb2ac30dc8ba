#pragma once

#include "challenge/wait/loop.hpp"
#include "challenge/wait/schedule.hpp"
#include "dns/delegation.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::challenge {

// All values wanted at one name; a name and its wildcard share theirs.
struct wanted_name {
    dns::name fqdn;
    dns::record_type type = dns::record_type::txt;
    std::vector<std::string> values;
    dns::name zone;
};

// One address that is asked.
struct witness {
    std::string host;
    dns::endpoint address;
    friend bool operator==(witness const&, witness const&) = default;
};

// The last answer to a probe.
struct saying {
    dns::response_code code = dns::response_code::noerror;
    std::size_t values = 0;          // how many there are, whichever they are
    std::optional<dns::name> refers; // to a zone below, which the name is in
};

// Everything one wait knows. Questions on their way outlive the wait itself, hence shared.
struct wait_state {
    explicit wait_state(boost::asio::any_io_executor const& executor) : changed(executor) {}

    std::vector<wanted_name> names;
    std::vector<witness> servers;
    std::vector<probe> probes;
    std::vector<saying> said;  // by probe
    std::size_t referrals = 0; // answers so far that refer to a zone below
    // Zones that the account seems to have elsewhere, with the error to report as soon as one of
    // their servers lacks a record.
    std::map<dns::name, error> hosted_elsewhere;
    witnesses asked = witnesses::authoritative;
    std::size_t in_flight = 0;
    clock::time_point start = clock::now();
    boost::asio::steady_timer changed;
};

// What can be said of it at this moment, warnings left out.
propagation_report report_on(wait_state const& state);

// About the addresses that a complete wait has let off.
std::vector<std::string> warnings_about(propagation_report const& report);

// Which servers lack a record and what they answered last, or that none answers at all.
error timed_out(wait_state const& state, patience const& limits);

} // namespace acme_dns01::challenge
