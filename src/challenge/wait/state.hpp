#pragma once

#include "challenge/wait/loop.hpp"
#include "challenge/wait/schedule.hpp"
#include "dns/delegation.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::challenge {

// All values wanted at one name; a name and its wildcard share theirs.
struct wanted_name {
    dns::name fqdn;
    dns::record_type type = dns::record_type::txt;
    std::vector<std::string> values;
    dns::name zone;
};

// A server to ask.
struct server_address {
    std::string host;
    dns::endpoint address;
    friend bool operator==(server_address const&, server_address const&) = default;
};

// The last answer to a probe, unless it serves.
struct last_answer {
    dns::response_code code = dns::response_code::noerror;
    std::size_t values = 0;          // wanted or not
    std::optional<dns::name> refers; // to a zone below, which contains the name
};

// Everything one wait knows. Questions on their way outlive the wait itself, hence shared.
struct wait_state {
    explicit wait_state(boost::asio::any_io_executor const& executor) : changed(executor) {}

    std::vector<wanted_name> names;
    std::vector<server_address> servers;
    std::vector<probe> probes;
    std::vector<last_answer> last_answers; // by probe
    std::size_t referrals = 0;             // answers so far that refer to a zone below
    // Zones that the public DNS and the account have at different servers, with the error to report
    // as soon as one of the public ones lacks a record.
    std::map<dns::name, error> hosted_elsewhere;
    asked_servers asked = asked_servers::authoritative;
    std::size_t in_flight = 0;
    clock::time_point start = clock::now();
    boost::asio::steady_timer changed;
};

// The first few, and how many more there are: a zone may have many servers.
std::string list_of(std::vector<std::string> texts, std::string_view separator);

// The wait so far, without warnings.
propagation_report report_on(wait_state const& state);

// The end of a successful wait, with a warning for each address that was left out.
propagation_report complete_report(wait_state const& state);

// Names the servers that lack a record and their last answers, or says that none answers at all.
error timed_out(wait_state const& state, patience const& limits);

} // namespace acme_dns01::challenge
